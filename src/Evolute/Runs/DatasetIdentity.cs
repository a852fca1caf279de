using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Evolute.Runs;

/// <summary>Whether the files that a task's problems come from are those that a run was begun with.</summary>
internal static class DatasetIdentity
{
    /// <summary>SHA-256 of the files, folders' files by name included; null where there are none.</summary>
    /// <exception cref="EvoluteInputException">One cannot be read.</exception>
    public static string? Of(IReadOnlyList<string> files)
    {
        if (files.Count == 0) return null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files.SelectMany(Contents)) Append(hash, file);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Checks that a run was begun with these files.</summary>
    /// <exception cref="EvoluteInputException">It was not.</exception>
    public static void Require(IReadOnlyList<string> files, string? sha256)
    {
        if (sha256 is null || Of(files) is not { } now || now == sha256) return;
        throw new EvoluteInputException($"{string.Join(", ", files)}: the dataset has changed since the run was begun: its SHA-256 is {now}, the run's is {sha256}; bring the old one back, name it with --dataset, or begin a new run.");
    }

    private static IEnumerable<string> Contents(string path) => Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : FileSet.OnDisk(path);

    private static void Append(IncrementalHash hash, string path)
    {
        try
        {
            // Where a file lies does not matter, and what it holds is told from the next one's by its length.
            using FileStream file = File.OpenRead(path);
            Span<byte> length = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            hash.AppendData(length);
            byte[] piece = new byte[1 << 16];
            for (int count; (count = file.Read(piece)) > 0;) hash.AppendData(piece, 0, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the dataset cannot be read: {e.Message}", e);
        }
    }
}
