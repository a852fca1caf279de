using Evolute.Models;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Models;

/// <summary>What config.json means in each family: the defaults of transformers' configuration classes, and errors that name what is not built.</summary>
public class FamilyConfigTests
{
    private static readonly (string, string?)[] Bare = [("num_key_value_heads", null), ("head_dim", null), ("max_position_embeddings", null), ("eos_token_id", null)];

    [Theory]
    [InlineData("llama", 2048, 4, 1e-6, 10_000, false, 2)]
    [InlineData("mistral", 131_072, 8, 1e-6, 10_000, false, 2)]
    [InlineData("mixtral", 131_072, 8, 1e-5, 1_000_000, false, 2)]
    [InlineData("gemma", 8192, 16, 1e-6, 10_000, true, 1)]
    [InlineData("gemma2", 8192, 4, 1e-6, 10_000, true, 1)]
    [InlineData("gemma3_text", 131_072, 4, 1e-6, 1_000_000, true, 1)]
    [InlineData("phi3", 4096, 4, 1e-5, 10_000, false, -1)]
    [InlineData("qwen2", 32_768, 32, 1e-6, 10_000, false, -1)]
    [InlineData("qwen3", 32_768, 32, 1e-6, 10_000, false, -1)]
    [InlineData("qwen3_moe", 32_768, 4, 1e-6, 10_000, false, -1)]
    [InlineData("smollm3", 32_768, 4, 1e-6, 2_000_000, true, -1)]
    public void Absent_keys_are_what_the_configuration_class_takes(string family, int positions, int keyValueHeads, double epsilon, double theta, bool tied, int end)
    {
        // As many query heads as the class has key/value heads, so that any default divides.
        int heads = Math.Max(keyValueHeads, 4);
        ModelSpec spec = ConfiguredModel.Spec(family, [.. Bare, ("num_attention_heads", $"{heads}"), ("hidden_size", $"{8 * heads}")]);
        Assert.Equal((positions, keyValueHeads, (float)epsilon, theta, tied), (spec.MaxPositions, spec.KeyValueHeadCount, spec.NormEpsilon, spec.Rope.Theta, spec.TiedEmbeddings));
        Assert.Equal(end < 0 ? [] : [end], spec.EndTokens);
        Assert.Equal(family.StartsWith("gemma", StringComparison.Ordinal) ? 256 : family == "qwen3" ? 128 : 8, spec.HeadSize);
        Assert.Equal(heads, ConfiguredModel.Spec(family, [.. Bare, ("num_attention_heads", $"{heads}"), ("hidden_size", $"{8 * heads}"), ("num_key_value_heads", "null")]).KeyValueHeadCount);
        Assert.Equal(family.StartsWith("gemma", StringComparison.Ordinal) ? Activation.GeluTanh : Activation.Silu, spec.Activation);
    }

    [Fact]
    public void Windows_are_on_where_the_class_has_them_on()
    {
        Assert.Equal((4096, "11"), Slides("mistral"));
        Assert.Equal((0, "00"), Slides("mistral", ("sliding_window", "null")));
        Assert.Equal((0, "00"), Slides("mixtral"));
        Assert.Equal((0, "00"), Slides("phi3"));
        Assert.Equal((4096, "10"), Slides("gemma2"));
        Assert.Equal((512, "111110"), Slides("gemma3_text", ("num_hidden_layers", "6"), ("sliding_window", "512")));
        Assert.Equal((512, "110110"), Slides("gemma3_text", ("num_hidden_layers", "6"), ("sliding_window", "512"), ("_sliding_window_pattern", "3")));
        Assert.Equal((0, "00"), Slides("qwen2", ("sliding_window", "64"), ("max_window_layers", "1")));
        Assert.Equal((64, "01"), Slides("qwen2", ("sliding_window", "64"), ("max_window_layers", "1"), ("use_sliding_window", "true")));
        Assert.Equal((0, "00"), Slides("qwen3", ("use_sliding_window", "true")));
        Assert.Equal((64, "10"), Slides("qwen3", ("sliding_window", "64"), ("use_sliding_window", "true"), ("layer_types", "[\"sliding_attention\", \"full_attention\"]")));
        Assert.Equal((64, "0001"), Slides("smollm3", ("num_hidden_layers", "4"), ("sliding_window", "64"), ("use_sliding_window", "true")));
    }

    [Fact]
    public void Layers_without_positions_and_routed_layers_follow_their_rules()
    {
        Assert.Equal([true, true, true, false, true], ConfiguredModel.Spec("smollm3", ("num_hidden_layers", "5")).Layers.Select(l => l.Rotates));
        Assert.Equal([true, false, true, false], ConfiguredModel.Spec("smollm3", ("num_hidden_layers", "4"), ("no_rope_layer_interval", "2")).Layers.Select(l => l.Rotates));
        ModelSpec moe = ConfiguredModel.Spec("qwen3_moe", ("num_hidden_layers", "6"), ("decoder_sparse_step", "2"), ("mlp_only_layers", "[3]"));
        Assert.Equal([false, true, false, false, false, true], moe.Layers.Select(l => l.Routed));
        Assert.Equal((128, 8, 768, false), (moe.Experts!.Count, moe.Experts.Active, moe.Experts.IntermediateSize, moe.Experts.SharesSumToOne));
        Assert.Equal(16, ConfiguredModel.Spec("qwen3_moe", ("num_local_experts", "16")).Experts!.Count);
        Assert.Null(ConfiguredModel.Spec("qwen3_moe", ("num_experts", "0")).Experts);
        Assert.Equal((8, 2, 48), (ConfiguredModel.Spec("mixtral").Experts!.Count, ConfiguredModel.Spec("mixtral").Experts!.Active, ConfiguredModel.Spec("mixtral").Experts!.IntermediateSize));
    }

    [Fact]
    public void Gemmas_have_caps_scales_and_two_rotary_embeddings()
    {
        ModelSpec two = ConfiguredModel.Spec("gemma2"), three = ConfiguredModel.Spec("gemma3_text", ("rope_scaling", """{"rope_type":"linear","factor":8.0}"""), ("final_logit_softcapping", "20"));
        Assert.Equal((50f, 30f, 1f / 16, MathF.Sqrt(32)), (two.AttentionSoftCap, two.LogitSoftCap, two.AttentionScale, two.EmbeddingScale));
        Assert.Equal((0f, 0f), (ConfiguredModel.Spec("gemma2", ("attn_logit_softcapping", "null")).AttentionSoftCap, ConfiguredModel.Spec("gemma2", ("final_logit_softcapping", "null")).LogitSoftCap));
        Assert.Equal((0f, 20f), (three.AttentionSoftCap, three.LogitSoftCap));
        Assert.Equal((RopeScaling.Linear, 8.0, 1e6), (three.Rope.Scaling, three.Rope.Factor, three.Rope.Theta));
        Assert.Equal(new RopeSpec { Theta = 10_000 }, three.SlidingRope);
        Assert.Equal(Activation.Gelu, ConfiguredModel.Spec("gemma", ("hidden_act", "\"gelu\"")).Activation);
    }

    [Fact]
    public void Yarn_of_transformers_4_divides_lengths_and_of_5_takes_the_factor()
    {
        const string yarn = "\"rope_type\":\"yarn\",\"factor\":4.0,\"original_max_position_embeddings\":32";
        Assert.Equal(8, ConfiguredModel.Spec("llama", ("rope_scaling", $"{{{yarn}}}")).Rope.Factor);
        Assert.Equal(4, ConfiguredModel.Spec("llama", ("rope_parameters", $"{{{yarn},\"rope_theta\":10000.0}}")).Rope.Factor);
        RopeSpec plain = ConfiguredModel.Spec("qwen2", ("rope_scaling", """{"type":"yarn","factor":4.0}""")).Rope;
        Assert.Equal((4.0, 256), (plain.Factor, plain.OriginalMaxPositions));
        Assert.Equal(0.1 * Math.Log(4) + 1, plain.Magnitude, 1e-12);
    }

    [Fact]
    public void Phi3_takes_its_trained_length_from_beside_the_scaling()
    {
        const string scaling = """{"type":"su","short_factor":[1,1,1],"long_factor":[2,3,4]}""";
        RopeSpec rope = ConfiguredModel.Spec("phi3", ("rope_scaling", scaling), ("partial_rotary_factor", "0.75"), ("original_max_position_embeddings", "64")).Rope;
        Assert.Equal((RopeScaling.LongRope, 64, 4.0, 6), (rope.Scaling, rope.OriginalMaxPositions, rope.Factor, rope.TurningSize(8)));
        Assert.Equal(Math.Sqrt(1 + Math.Log(4) / Math.Log(64)), rope.Magnitude, 1e-12);
        RopeSpec five = ConfiguredModel.Spec(
            "phi3", ("rope_parameters", scaling.Replace("{", "{\"rope_type\":\"longrope\",\"rope_theta\":10000.0,\"partial_rotary_factor\":0.75,", StringComparison.Ordinal)), ("original_max_position_embeddings", "64")).Rope;
        Assert.Equal(rope, five with { ShortFactors = rope.ShortFactors, LongFactors = rope.LongFactors });
        Assert.Equal(1, ConfiguredModel.Spec("phi3", ("rope_scaling", scaling), ("partial_rotary_factor", "0.75")).Rope.Magnitude);
    }

    [Theory]
    [InlineData("llama", "rope_scaling", """{"rope_type":"ntk","factor":2.0}""", "rope_scaling.rope_type = ")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"linear","factor":2.0,"beta_fast":3}""", "rope_scaling.beta_fast = ")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"longrope","short_factor":[1],"long_factor":[1,1,1,1]}""", "rope_scaling.short_factor must be a list of 4 numbers")]
    [InlineData("llama", "rope_scaling", """{"rope_type":"llama3","factor":2.0,"low_freq_factor":1,"high_freq_factor":4}""", "original_max_position_embeddings is missing")]
    [InlineData("llama", "partial_rotary_factor", "0.5", "partial_rotary_factor = ")]
    [InlineData("llama", "sliding_window", "8", "sliding_window = ")]
    [InlineData("llama", "layer_types", """["full_attention"]""", "layer_types must be a list of num_hidden_layers (2)")]
    [InlineData("llama", "layer_types", """["full_attention", "linear_attention"]""", "layer_types = ")]
    [InlineData("mistral", "layer_types", """["sliding_attention", "full_attention"]""", "layer_types = ")]
    [InlineData("qwen2", "layer_types", """["sliding_attention", "full_attention"]""", "layer_types = ")]
    [InlineData("phi3", "rope_scaling", """{"type":"linear","factor":2.0}""", "rope_scaling.type = ")]
    [InlineData("phi3", "partial_rotary_factor", "0.4", "partial_rotary_factor must be such that an even number")]
    [InlineData("gemma", "use_bidirectional_attention", "true", "use_bidirectional_attention = ")]
    [InlineData("gemma2", "sliding_window", "null", "sliding_window must be")]
    [InlineData("gemma2", "hidden_activation", "\"relu\"", "hidden_activation = ")]
    [InlineData("gemma3_text", "attn_logit_softcapping", "50.0", "attn_logit_softcapping = ")]
    [InlineData("gemma3_text", "rope_parameters", """{"rope_type":"default"}""", "rope_parameters.rope_type = ")]
    [InlineData("gemma3_text", "rope_parameters", """{"sliding_attention":{"rope_type":"dynamic","factor":2.0}}""", "rope_parameters.sliding_attention = ")]
    [InlineData("gemma3_text", "sliding_window", "null", "sliding_window must be")]
    [InlineData("qwen3_moe", "num_experts_per_tok", "200", "num_experts_per_tok must be")]
    [InlineData("qwen3_moe", "mlp_only_layers", "1", "mlp_only_layers must be a list")]
    [InlineData("smollm3", "no_rope_layers", "[1]", "no_rope_layers must be a list of at least")]
    public void What_is_wrong_or_not_built_is_named(string family, string key, string json, string words)
    {
        string message = Assert.Throws<EvoluteInputException>(() => ConfiguredModel.Spec(family, (key, json))).Message;
        Assert.Contains(words, message);
    }

    private static (int Window, string Layers) Slides(string family, params (string, string?)[] keys)
    {
        ModelSpec spec = ConfiguredModel.Spec(family, keys);
        return (spec.SlidingWindow, string.Concat(spec.Layers.Select(l => l.Slides ? '1' : '0')));
    }
}
