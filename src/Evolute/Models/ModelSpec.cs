namespace Evolute.Models;

/// <summary>
/// Everything an engine needs to know to run a model, decoder-only unless it has <see cref="EncoderDecoder"/>: a family is this description, not a forward pass.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>The family's name as <c>model_type</c> of config.json has it, e.g. <c>qwen2</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the embedding and of the logits, V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream, H.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer, F.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The decoder layers, first to last.</summary>
    public required IReadOnlyList<LayerSpec> Layers { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public int LayerCount => Layers.Count;

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key/value heads; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Size of one head, D; not always H / heads.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The longest sequence, prompt and answer together, in tokens; with an encoder, each of the two by itself.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>ε of RMSNorm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Whether norms multiply by 1 + weight, as checkpoints hold weights around 0.</summary>
    public bool UnitOffsetNorms { get; init; }

    /// <summary>Whether attention and feed-forward layers have a norm behind them too, before the sum with the residual.</summary>
    public bool NormsAfter { get; init; }

    /// <summary>Whether every query and key head is normed before it is turned.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Rotary embedding.</summary>
    public required RopeSpec Rope { get; init; }

    /// <summary>Rotary embedding of the layers that slide, where it is another.</summary>
    public RopeSpec? SlidingRope { get; init; }

    /// <summary>Positions that a sliding layer sees, its own among them; 0 where no layer slides.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>What products of queries and keys are multiplied by.</summary>
    public required float AttentionScale { get; init; }

    /// <summary>c of c·tanh(score/c) before the softmax; 0 for none.</summary>
    public float AttentionSoftCap { get; init; }

    /// <summary>c of c·tanh(logit/c); 0 for none.</summary>
    public float LogitSoftCap { get; init; }

    /// <summary>What embeddings are multiplied by before the first layer.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>What the last norm's output is multiplied by before the logits.</summary>
    public float OutputScale { get; init; } = 1;

    /// <summary>The feed-forward layers' function.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the function's output is multiplied by another projection of the input.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>The experts of routed layers.</summary>
    public ExpertSpec? Experts { get; init; }

    /// <summary>Whether a layer's checkpoint has <c>qkv_proj</c> and <c>gate_up_proj</c> in place of three and two matrices.</summary>
    public bool FusedProjections { get; init; }

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

    /// <summary>The encoder and how the decoder begins, or null for a decoder-only model.</summary>
    public EncoderDecoderSpec? EncoderDecoder { get; init; }

    /// <summary>Whether keys and values of a token follow from the tokens up to it alone, so that sequences that begin alike have them in common.</summary>
    public bool SharesPrefixes => EncoderDecoder is null && !Rope.DependsOnLength;

    /// <summary>How a layer turns queries and keys, or null where it does not.</summary>
    public RopeSpec? RopeOf(LayerSpec layer) => !layer.Rotates ? null : layer.Slides ? SlidingRope ?? Rope : Rope;
}
