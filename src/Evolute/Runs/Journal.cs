using Evolute.Models;

namespace Evolute.Runs;

/// <summary>
/// The file <c>journal.jsonl</c> of a run: append, flush to disk, and only then does an entry count. A last line without its newline was torn by a crash and
/// is dropped; a whole line that is not what was written is refused.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const string FileName = "journal.jsonl";
    private const int MaxBytes = 1 << 30;

    private readonly FileStream _file;
    private readonly List<JournalEntry> _entries;

    private Journal(FileStream file, List<JournalEntry> entries) => (_file, _entries) = (file, entries);

    /// <summary>What is written, in order.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>Bytes of a torn last line that <see cref="Open"/> dropped.</summary>
    public int DroppedBytes { get; private init; }

    /// <summary>Opens a journal to go on with it; a torn last line is cut off.</summary>
    /// <exception cref="EvoluteInputException">It is absent.</exception>
    /// <exception cref="EvoluteFaultException">A line is damaged; the sentence says which.</exception>
    public static Journal Open(string path)
    {
        (List<JournalEntry> entries, int whole, int length) = ReadWhole(path);
        try
        {
            Journal journal = new(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1), entries) { DroppedBytes = length - whole };
            if (whole < length) journal.CutAt(whole);
            else journal._file.Seek(0, SeekOrigin.End);
            return journal;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(path, e, "go on with --resume");
        }
    }

    /// <summary>Reads a journal and leaves the file as it is.</summary>
    /// <inheritdoc cref="Open"/>
    public static IReadOnlyList<JournalEntry> Read(string path) => ReadWhole(path).Entries;

    /// <summary>Writes an entry through to the disk.</summary>
    /// <exception cref="EvoluteFaultException">It cannot be written; the journal ends where it did before.</exception>
    public void Append(JournalEntry entry)
    {
        long end = _file.Position;
        try
        {
            _file.Write(JournalLine.Format(entry));
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            CutQuietly(end);
            throw WriteFault.Of(_file.Name, e, "go on with --resume");
        }
        _entries.Add(entry);
    }

    /// <summary>Takes off the entries after the first <paramref name="count"/>, to go on from there.</summary>
    public void Truncate(int count)
    {
        CutAt(_entries.Take(count).Sum(e => (long)JournalLine.Format(e).Length));
        _entries.RemoveRange(count, _entries.Count - count);
    }

    public void Dispose() => _file.Dispose();

    private void CutAt(long length)
    {
        _file.SetLength(length);
        _file.Seek(length, SeekOrigin.Begin);
        _file.Flush(flushToDisk: true);
    }

    private void CutQuietly(long length)
    {
        try
        {
            CutAt(length);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // The fault that led here is the one to report; what stays is a torn line, which the next process drops.
        }
    }

    private static (List<JournalEntry> Entries, int Whole, int Length) ReadWhole(string path)
    {
        byte[] bytes = ReadBytes(path);
        List<JournalEntry> entries = [];
        int start = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1)
            entries.Add(JournalLine.Parse(bytes.AsSpan(start, end - start))
                ?? throw new EvoluteFaultException(
                    $"{path}, line {entries.Count + 1}: the line is damaged (its CRC-32C does not fit its bytes); restore the file from a copy, or start a new run."));
        return (entries, start, bytes.Length);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes ? File.ReadAllBytes(path) : throw new EvoluteInputException($"{path}: the journal is larger than {MaxBytes} bytes.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvoluteInputException($"{path}: there is no such file; give the folder of a run.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteFaultException($"{path}: the journal cannot be read: {e.Message}", e);
        }
    }
}
