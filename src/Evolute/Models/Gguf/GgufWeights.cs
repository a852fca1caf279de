using System.Globalization;

namespace Evolute.Models.Gguf;

/// <summary>A model's weights as llama.cpp names, orders and stores them.</summary>
internal sealed class GgufWeights(GgufFamily family, ModelSpec spec, GgufType type)
{
    private const string LayerPrefix = "model.layers.";

    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.qkv_proj"] = "attn_qkv",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["pre_feedforward_layernorm"] = "ffn_norm",
        ["post_feedforward_layernorm"] = "post_ffw_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.gate_up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    /// <summary>All tensors: the embedding, the layers, then norm and head.</summary>
    public IEnumerable<GgufTensor> Of(WeightTable weights) =>
        weights.Tensors.Select(w => (Weight: w, Layer: LayerOf(w.Name))).OrderBy(t => t.Layer).ThenBy(t => t.Weight.Name, StringComparer.Ordinal).Select(t => Of(t.Weight));

    private GgufTensor Of(WeightTensor weight)
    {
        string name = NameOf(weight.Name);
        bool norm = name.EndsWith("_norm.weight", StringComparison.Ordinal);
        float offset = norm && family.UnitOffsetNorms ? 1 : 0;
        int length = checked((int)weight.Shape[^1]);
        // Vectors are always float32, and rows that are not whole blocks fall back to binary16, as in llama.cpp's own converter.
        GgufType stored = weight.Shape.Count < 2 ? GgufType.F32 : type == GgufType.Q8_0 && length % Q8Block.Length != 0 ? GgufType.F16 : type;
        return new GgufTensor(name, weight.Shape, stored, Reader(weight, length, offset));
    }

    private Action<long, Span<float>> Reader(WeightTensor weight, int length, float offset)
    {
        bool turns = family.InterleavedPairs && (weight.Name.Contains(".q_proj.", StringComparison.Ordinal) || weight.Name.Contains(".k_proj.", StringComparison.Ordinal));
        if (turns && weight.Shape.Count == 1)
            return (_, row) =>
            {
                for (int i = 0; i < row.Length; i++) row[i] = weight.Slice(Interleaved(i), 1)[0];
            };
        if (turns) return (row, target) => weight.Slice(Interleaved(row) * length, length).CopyTo(target);
        return (row, target) =>
        {
            weight.Slice(row * length, length).CopyTo(target);
            if (offset == 0) return;
            foreach (ref float value in target) value += offset;
        };
    }

    /// <summary>Where the checkpoint has what llama.cpp expects at <paramref name="row"/>: it turns neighbours, the checkpoint dimension i with i + D/2.</summary>
    private long Interleaved(long row)
    {
        long head = row / spec.HeadSize, at = row % spec.HeadSize;
        return head * spec.HeadSize + at % 2 * (spec.HeadSize / 2) + at / 2;
    }

    private string NameOf(string name) => name switch
    {
        TensorNames.Embedding => "token_embd.weight",
        TensorNames.FinalNorm => "output_norm.weight",
        TensorNames.Head => "output.weight",
        _ => LayerName(name),
    };

    private string LayerName(string name)
    {
        string[] parts = name.StartsWith(LayerPrefix, StringComparison.Ordinal) ? name[LayerPrefix.Length..].Split('.', 2) : [];
        int suffix = name.LastIndexOf('.');
        if (parts.Length != 2 || !Parts.TryGetValue(name[(LayerPrefix.Length + parts[0].Length + 1)..suffix], out string? part))
            throw new EvoluteInputException($"Tensor {Quoted.Text(name)} has no place in a GGUF file; use --format hf.");
        if (family.NormsAfter && parts[1].StartsWith("post_attention", StringComparison.Ordinal)) part = "post_attention_norm";
        return $"blk.{parts[0]}.{part}{name[suffix..]}";
    }

    private static int LayerOf(string name) => name switch
    {
        TensorNames.Embedding => -1,
        TensorNames.FinalNorm or TensorNames.Head => int.MaxValue,
        _ when name.StartsWith(LayerPrefix, StringComparison.Ordinal)
            && int.TryParse(name[LayerPrefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) => layer,
        _ => int.MaxValue,
    };
}
