namespace Evolute.Models;

/// <summary>Writes whole files that are either there complete, also after a power cut, or not there.</summary>
internal static class DurableFile
{
    /// <summary>What temporary names end in; no other program's do, as leftovers of such names are deleted.</summary>
    public const string PartialSuffix = ".evolute-partial";

    /// <summary>Creates a file for writing; unbuffered, as all writers here write in large pieces.</summary>
    // Readers may share: an exclusive lock would outlive the stream in a child process that is just being started, and nobody else knows the name.
    public static Stream Open(string path) => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>The name that a file or folder has until it is complete: hidden, in the same folder.</summary>
    public static string PartialName(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + PartialSuffix);

    /// <summary>Writes a file under its own name and waits until its disk has it; removes it where that fails.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="open">Creates the file: <see cref="Open"/>, but for tests of faults.</param>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses.</exception>
    public static void Create(string path, string shown, Action<Stream> write, Func<string, Stream> open)
    {
        try
        {
            using Stream stream = open(path);
            write(stream);
            if (stream is FileStream file) file.Flush(flushToDisk: true);
            else stream.Flush();
        }
        catch (Exception e)
        {
            Remove(path);
            if (WriteFault.Is(e)) throw WriteFault.Of(shown, e);
            throw;
        }
    }

    /// <summary>Writes a file, or puts a new one in its place, in one step: whoever looks sees the old one or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="open">Creates the file: <see cref="Open"/>, but for tests of faults.</param>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses; what stood there is intact.</exception>
    public static void Replace(string path, Action<Stream> write, Func<string, Stream>? open = null)
    {
        string full = Path.GetFullPath(path), partial = PartialName(full);
        Create(partial, path, write, open ?? Open);
        try
        {
            File.Move(partial, full, overwrite: true);
            DirectorySync.Flush(Path.GetDirectoryName(full)!);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Remove(partial);
            throw WriteFault.Of(path, e);
        }
    }

    /// <summary>Removes a file if that can be done.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // Whatever led here is the thing to report, and the file has a temporary name.
        }
    }
}
