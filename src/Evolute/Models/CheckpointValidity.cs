using System.IO.Hashing;

namespace Evolute.Models;

/// <summary>Whether a checkpoint's folder is what was written: whole, and every bit as it was.</summary>
internal static class CheckpointValidity
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads every file of the folder and compares it with the manifest; about as fast as the disk.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="EvoluteFaultException">The manifest or a file is absent, cut or damaged; the sentence names it.</exception>
    public static CheckpointManifest Check(string directory)
    {
        CheckpointManifest manifest = CheckpointManifest.Read(directory);
        foreach (StoredFile file in manifest.Files) Check(Path.Combine(directory, file.Name), file);
        return manifest;
    }

    private static void Check(string path, StoredFile file)
    {
        try
        {
            if (!File.Exists(path)) throw new EvoluteFaultException($"{path}: this file of the checkpoint is missing; use another checkpoint.");
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length != file.Bytes)
                throw new EvoluteFaultException($"{path}: the file has {stream.Length} bytes where {file.Bytes} were written; use another checkpoint.");
            if (Checksum(stream) != file.Checksum)
                throw new EvoluteFaultException($"{path}: the file is damaged: its checksum is not the one it was written with; use another checkpoint.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteFaultException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    private static ulong Checksum(FileStream stream)
    {
        XxHash3 hash = new();
        byte[] chunk = new byte[Math.Min(ChunkBytes, Math.Max(1, stream.Length))];
        for (int read; (read = stream.Read(chunk)) > 0;) hash.Append(chunk.AsSpan(0, read));
        return hash.GetCurrentHashAsUInt64();
    }
}
