namespace Evolute.Models;

/// <summary>
/// Everything an engine needs to know to run a decoder-only model: a family is this description, not a forward pass.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>The family's name as <c>model_type</c> of config.json has it, e.g. <c>qwen2</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the embedding and of the logits, V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream, H.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer, F.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key/value heads; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Size of one head, D; not always H / heads.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The longest sequence, prompt and answer together, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>ε of RMSNorm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Rotary embedding.</summary>
    public required RopeSpec Rope { get; init; }

    /// <summary>Whether the logits use the input embedding (tied) or <c>lm_head.weight</c>.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Whether the query, key and value projections have biases.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the attention's output projection has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the feed-forward projections have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Tokens that end a sequence; config.json and generation_config.json agree or the latter wins.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }
}
