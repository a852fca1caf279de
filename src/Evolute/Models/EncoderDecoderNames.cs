using System.Globalization;

namespace Evolute.Models;

/// <summary>Names of T5's tensors in Hugging Face checkpoints. All matrices are [outputs, inputs], row-major.</summary>
internal static class EncoderDecoderNames
{
    /// <summary>Input embedding [V, H] of both sides; tied models use it for the logits too.</summary>
    public const string Embedding = "shared.weight";

    /// <summary>Left over in early checkpoints; no model ever used it.</summary>
    public const string UnusedBias = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    /// <summary>Other names under which a checkpoint may hold the embedding again.</summary>
    public static readonly IReadOnlyList<string> EmbeddingCopies = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];

    public static readonly EncoderDecoderSide Encoder = new("encoder", Crosses: false), Decoder = new("decoder", Crosses: true);
}

/// <summary>Names of one side's tensors.</summary>
/// <param name="Name">What all of them begin with.</param>
/// <param name="Crosses">Whether its layers attend to the other side too.</param>
internal sealed record EncoderDecoderSide(string Name, bool Crosses)
{
    /// <summary>The norm behind the last layer [H].</summary>
    public string FinalNorm => Name + ".final_layer_norm.weight";

    /// <summary>Biases [buckets, heads] of all layers.</summary>
    public string RelativeBias => Part(0, 0) + "SelfAttention.relative_attention_bias.weight";

    /// <summary>The norm before an attention, to the side itself or to the other [H].</summary>
    public string AttentionNorm(int layer, bool cross) => Part(layer, cross ? 1 : 0) + "layer_norm.weight";

    /// <summary>An attention's matrix: <c>q</c>, <c>k</c>, <c>v</c> [heads·D, H] or <c>o</c> [H, heads·D].</summary>
    public string AttentionMatrix(int layer, bool cross, char matrix) => $"{Part(layer, cross ? 1 : 0)}{(cross ? "EncDec" : "Self")}Attention.{matrix}.weight";

    /// <summary>The norm before a feed-forward layer [H].</summary>
    public string FeedForwardNorm(int layer) => Part(layer, Crosses ? 2 : 1) + "layer_norm.weight";

    /// <summary>A feed-forward layer's matrix: <c>wi</c>, or <c>wi_0</c> and <c>wi_1</c>, [F, H]; <c>wo</c> [H, F].</summary>
    public string FeedForwardMatrix(int layer, string matrix) => $"{Part(layer, Crosses ? 2 : 1)}DenseReluDense.{matrix}.weight";

    private string Part(int layer, int part) => string.Create(CultureInfo.InvariantCulture, $"{Name}.block.{layer}.layer.{part}.");
}
