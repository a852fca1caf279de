using System.Globalization;

namespace Evolute.Models;

/// <summary>Names of a decoder's tensors in Hugging Face checkpoints. All matrices are [outputs, inputs], row-major.</summary>
public static class TensorNames
{
    /// <summary>Input embedding [V, H]; tied models use it for the logits too.</summary>
    public const string Embedding = "model.embed_tokens.weight";

    /// <summary>The norm before the logits [H].</summary>
    public const string FinalNorm = "model.norm.weight";

    /// <summary>The logits' matrix [V, H] of a model that is not tied.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>The names of one layer, counted from 0.</summary>
    public static LayerTensorNames Layer(int layer) => new("model.layers." + layer.ToString(CultureInfo.InvariantCulture) + ".");
}

/// <summary>Names of one decoder layer's tensors.</summary>
public readonly record struct LayerTensorNames
{
    /// <summary>What names of fused tensors end with.</summary>
    internal const string QkvSuffix = "self_attn.qkv_proj.weight", GateUpSuffix = "mlp.gate_up_proj.weight";

    internal LayerTensorNames(string prefix) => Prefix = prefix;

    /// <summary>What all names of the layer begin with, e.g. <c>model.layers.0.</c>.</summary>
    public string Prefix { get; }

    /// <summary>The norm before attention [H].</summary>
    public string InputNorm => Prefix + "input_layernorm.weight";

    /// <summary>The norm before the feed-forward layer, or behind attention where layers have norms there [H].</summary>
    public string PostAttentionNorm => Prefix + "post_attention_layernorm.weight";

    /// <summary>The norm before the feed-forward layer where layers have norms behind their parts too [H].</summary>
    public string PreFeedForwardNorm => Prefix + "pre_feedforward_layernorm.weight";

    /// <summary>The norm behind the feed-forward layer [H].</summary>
    public string PostFeedForwardNorm => Prefix + "post_feedforward_layernorm.weight";

    /// <summary>The norm of each query head [D].</summary>
    public string QueryNorm => Prefix + "self_attn.q_norm.weight";

    /// <summary>The norm of each key head [D].</summary>
    public string KeyNorm => Prefix + "self_attn.k_norm.weight";

    /// <summary>Queries, keys and values below each other [(heads + 2·kv heads)·D, H].</summary>
    public string QkvProj => Prefix + QkvSuffix;

    /// <summary>Gate and other input matrix below each other [2·F, H].</summary>
    public string GateUpProj => Prefix + GateUpSuffix;

    /// <summary>Queries [heads·D, H].</summary>
    public string QProj => Prefix + "self_attn.q_proj.weight";

    /// <summary>Keys [kv heads·D, H].</summary>
    public string KProj => Prefix + "self_attn.k_proj.weight";

    /// <summary>Values [kv heads·D, H].</summary>
    public string VProj => Prefix + "self_attn.v_proj.weight";

    /// <summary>Attention's output [H, heads·D].</summary>
    public string OProj => Prefix + "self_attn.o_proj.weight";

    /// <summary>Bias of <see cref="QProj"/> [heads·D].</summary>
    public string QBias => Prefix + "self_attn.q_proj.bias";

    /// <summary>Bias of <see cref="KProj"/> [kv heads·D].</summary>
    public string KBias => Prefix + "self_attn.k_proj.bias";

    /// <summary>Bias of <see cref="VProj"/> [kv heads·D].</summary>
    public string VBias => Prefix + "self_attn.v_proj.bias";

    /// <summary>Bias of <see cref="OProj"/> [H].</summary>
    public string OBias => Prefix + "self_attn.o_proj.bias";

    /// <summary>The feed-forward layer's gate [F, H].</summary>
    public string GateProj => Prefix + "mlp.gate_proj.weight";

    /// <summary>The feed-forward layer's other input matrix [F, H].</summary>
    public string UpProj => Prefix + "mlp.up_proj.weight";

    /// <summary>The feed-forward layer's output [H, F].</summary>
    public string DownProj => Prefix + "mlp.down_proj.weight";

    /// <summary>Bias of <see cref="GateProj"/> [F].</summary>
    public string GateBias => Prefix + "mlp.gate_proj.bias";

    /// <summary>Bias of <see cref="UpProj"/> [F].</summary>
    public string UpBias => Prefix + "mlp.up_proj.bias";

    /// <summary>Bias of <see cref="DownProj"/> [H].</summary>
    public string DownBias => Prefix + "mlp.down_proj.bias";

    /// <summary>What chooses the experts of a token [E, H].</summary>
    public string Router(ExpertSpec experts) => Prefix + experts.Block + ".gate.weight";

    /// <summary>One expert's gate, other input matrix and output.</summary>
    public (string Gate, string Up, string Down) Expert(ExpertSpec experts, int expert)
    {
        string at = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{experts.Block}.experts.{expert}.");
        return (at + experts.Gate + ".weight", at + experts.Up + ".weight", at + experts.Down + ".weight");
    }
}
