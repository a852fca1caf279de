namespace Evolute.Models;

/// <summary>How <see cref="ModelWriter"/> writes a model.</summary>
public sealed record ModelWriteSettings
{
    /// <summary>The type of all weights; null stores each tensor as the type it had in the checkpoint it came from.</summary>
    public StoredType? StoredType { get; init; }

    /// <summary>Most bytes of weights in a file; more are spread over several with an index.</summary>
    public long MaxShardBytes { get; init; } = 5_000_000_000;

    /// <summary>Whether a folder of that name that was written by this project gives way; else one that exists is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Creates a file; tests put faults here.</summary>
    internal Func<string, Stream> OpenFile { get; init; } = DurableFile.Open;
}
