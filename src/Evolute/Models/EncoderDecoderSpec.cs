namespace Evolute.Models;

/// <summary>
/// What a model has that reads its whole input with an encoder and answers with a decoder, which attends to what the encoder made. Widths, heads
/// and feed-forward layers are those of <see cref="ModelSpec"/> on both sides; <see cref="ModelSpec.Layers"/> are the decoder's.
/// </summary>
public sealed record EncoderDecoderSpec
{
    /// <summary>Number of encoder layers.</summary>
    public required int EncoderLayerCount { get; init; }

    /// <summary>Buckets that distances between tokens fall into; each head has a bias for each.</summary>
    public required int RelativeBuckets { get; init; }

    /// <summary>Distances from here on share the last bucket.</summary>
    public required int RelativeMaxDistance { get; init; }

    /// <summary>The decoder's first input.</summary>
    public required int DecoderStartToken { get; init; }
}
