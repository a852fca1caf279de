namespace Evolute.Cli;

/// <summary>Shows bytes as a progress in MiB.</summary>
internal sealed class ByteProgress(Progress progress)
{
    private const int MiB = 1 << 20;

    private long _bytes;

    /// <summary>The total of the progress, for a number of bytes.</summary>
    public static long Total(long bytes) => Math.Max(1, bytes / MiB);

    /// <summary>Counts bytes.</summary>
    public void Advance(long bytes) => Advance(bytes, "");

    /// <summary>Counts bytes, with a few words on what they are of.</summary>
    public void Advance(long bytes, string status)
    {
        long before = _bytes / MiB;
        _bytes += bytes;
        if (_bytes / MiB > before) progress.Advance(_bytes / MiB - before, status);
    }
}
