namespace Evolute.Engines.Cpu;

/// <summary>The working weights of a feed-forward layer, or of one expert of it.</summary>
internal sealed record WorkingFeedForward(PackedMatrix GateUp, WorkingVector? GateUpBias, PackedMatrix Down, WorkingVector? DownBias);

/// <summary>One layer's working weights.</summary>
internal sealed record WorkingLayer
{
    public required WorkingVector InputNorm { get; init; }

    /// <summary>Queries, keys and values.</summary>
    public required PackedMatrix Qkv { get; init; }

    public required WorkingVector? QkvBias { get; init; }

    public required WorkingVector? QueryNorm { get; init; }

    public required WorkingVector? KeyNorm { get; init; }

    public required PackedMatrix Output { get; init; }

    public required WorkingVector? OutputBias { get; init; }

    public required WorkingVector? NormAfterAttention { get; init; }

    public required WorkingVector FeedForwardNorm { get; init; }

    /// <summary>What chooses among <see cref="FeedForwards"/>, or null where there is one.</summary>
    public required PackedMatrix? Router { get; init; }

    /// <summary>The feed-forward layer, or a routed layer's experts.</summary>
    public required WorkingFeedForward[] FeedForwards { get; init; }

    public required WorkingVector? NormAfterFeedForward { get; init; }
}
