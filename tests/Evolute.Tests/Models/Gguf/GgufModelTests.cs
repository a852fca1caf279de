using Evolute.Models.Gguf;

namespace Evolute.Tests.Models.Gguf;

/// <summary>Parameters and tensors of each family as llama.cpp's converter writes them, read back by the tests' own reader.</summary>
public class GgufModelTests
{
    private const string Layer0 = "model.layers.0.";

    [Fact]
    public void A_llama_has_these_keys_and_tensors_and_no_others()
    {
        using TinyGguf tiny = new("llama", """{"tie_word_embeddings":false}""");
        GgufContent file = tiny.Export();
        Dictionary<string, object> keys = new()
        {
            ["general.architecture"] = "llama",
            ["general.type"] = "model",
            ["general.name"] = "Tiny",
            ["general.size_label"] = "18K",
            ["general.file_type"] = 0u,
            ["general.quantization_version"] = 2u,
            ["llama.block_count"] = 2u,
            ["llama.context_length"] = 64u,
            ["llama.embedding_length"] = 32u,
            ["llama.feed_forward_length"] = 48u,
            ["llama.attention.head_count"] = 2u,
            ["llama.attention.head_count_kv"] = 1u,
            ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["llama.attention.key_length"] = 16u,
            ["llama.attention.value_length"] = 16u,
            ["llama.rope.freq_base"] = 10000f,
            ["llama.vocab_size"] = 40u,
            ["llama.rope.dimension_count"] = 16u,
            ["tokenizer.ggml.model"] = "none",
        };
        Assert.Equal(keys.OrderBy(k => k.Key, StringComparer.Ordinal), file.Keys.OrderBy(k => k.Key, StringComparer.Ordinal));
        Dictionary<string, string> names = new()
        {
            ["token_embd.weight"] = "model.embed_tokens.weight",
            ["output_norm.weight"] = "model.norm.weight",
            ["output.weight"] = "lm_head.weight",
        };
        for (int layer = 0; layer < 2; layer++)
            foreach ((string theirs, string ours) in ((string, string)[])
                [
                    ("attn_norm", "input_layernorm"), ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"),
                    ("ffn_norm", "post_attention_layernorm"), ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
                ])
                names.Add($"blk.{layer}.{theirs}.weight", $"model.layers.{layer}.{ours}.weight");
        Assert.Equal(names.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach ((string theirs, string ours) in names)
        {
            Assert.Equal(tiny.Weights[ours].Shape, file.Tensors[theirs].Shape);
            float[] expected = tiny.Values(ours);
            if (theirs.Contains("attn_q", StringComparison.Ordinal) || theirs.Contains("attn_k", StringComparison.Ordinal)) expected = Interleaved(expected, rowLength: 32, headSize: 16);
            Assert.Equal(expected, file.Tensors[theirs].Values());
        }
        Assert.Contains("has no tokenizer.json", Assert.Single(tiny.Notes));
    }

    [Fact]
    public void Llama_3_has_divisors_and_biases_turn_with_their_rows()
    {
        using TinyGguf tiny = new("llama", """
            {"attention_bias":true,"rope_theta":500000.0,
             "rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":16}}
            """);
        GgufContent file = tiny.Export(GgufType.Q8_0);
        // Pairs turn with wavelengths 2π·500000^(i/8) = 6.3, 32, 167 …: up to 16/4 they stay, from 16 on they are divided, the first lies between.
        double blend = (16 / (2 * Math.PI) - 1) / 3;
        Assert.Equal([(float)(1 / ((1 - blend) / 8 + blend)), 8, 8, 8, 8, 8, 8, 8], file.Tensors["rope_freqs.weight"].Values());
        Assert.Equal(Interleaved(tiny.Values(Layer0 + "self_attn.q_proj.bias"), 1, 16), file.Tensors["blk.0.attn_q.bias"].Values());
        Assert.Equal(tiny.Values(Layer0 + "self_attn.v_proj.bias"), file.Tensors["blk.0.attn_v.bias"].Values());
        Assert.DoesNotContain("output.weight", file.Tensors.Keys);
    }

    [Theory]
    [InlineData(GgufType.F32, 0u)]
    [InlineData(GgufType.F16, 1u)]
    [InlineData(GgufType.BF16, 32u)]
    [InlineData(GgufType.Q8_0, 7u)]
    public void Matrices_have_the_type_vectors_are_float32_and_rows_that_are_no_blocks_binary16(GgufType type, uint fileType)
    {
        using TinyGguf tiny = new("qwen2");
        GgufContent file = tiny.Export(type);
        Assert.Equal(fileType, file.Keys["general.file_type"]);
        Assert.Equal("qwen2", file.Keys["general.architecture"]);
        Assert.Equal(0u, file.Tensors["blk.1.ffn_norm.weight"].Type);
        GgufEntry queries = file.Tensors["blk.0.attn_q.weight"], down = file.Tensors["blk.0.ffn_down.weight"];
        Assert.Equal((uint)type, queries.Type);
        Assert.Equal(type == GgufType.Q8_0 ? 1u : (uint)type, down.Type); // 48 values a row
        float[] expected = tiny.Values(Layer0 + "self_attn.q_proj.weight"); // Qwen's rows stay in place.
        if (type == GgufType.F32) Assert.Equal(expected, queries.Values());
        else if (type == GgufType.F16) Assert.Equal(expected.Select(v => (float)(Half)v), queries.Values());
        else if (type == GgufType.BF16) Assert.Equal(expected.Select(Nearest), queries.Values());
        else for (int i = 0; i < expected.Length; i++) Assert.InRange(Math.Abs(expected[i] - queries.Values()[i]), 0, 0.5 / 127 * 0.51 + 0.0003);
    }

    [Fact]
    public void Yarn_has_the_factor_in_force_and_what_comes_on_top_of_llama_cpps_own_magnitude()
    {
        const string scaling = """{"rope_scaling":{"rope_type":"yarn","factor":2.0,"original_max_position_embeddings":16MORE}}""";
        using TinyGguf plain = new("qwen2", scaling.Replace("MORE", "", StringComparison.Ordinal));
        GgufContent file = plain.Export();
        Assert.Equal(("yarn", 4f, 16u), (file.Keys["qwen2.rope.scaling.type"], file.Keys["qwen2.rope.scaling.factor"], file.Keys["qwen2.rope.scaling.original_context_length"]));
        Assert.DoesNotContain("qwen2.rope.scaling.attn_factor", file.Keys.Keys);
        using TinyGguf stronger = new("qwen2", scaling.Replace("MORE", ",\"attention_factor\":1.5", StringComparison.Ordinal));
        Assert.Equal((float)(1.5 / (1 + 0.1 * Math.Log(4))), stronger.Export().Keys["qwen2.rope.scaling.attn_factor"]);
    }

    [Fact]
    public void Gemma_2_has_norms_around_weights_from_1_and_soft_caps()
    {
        using TinyGguf tiny = new("gemma2", """{"query_pre_attn_scalar":16,"sliding_window":8,"attn_logit_softcapping":5.0,"final_logit_softcapping":8.0}""");
        GgufContent file = tiny.Export();
        Assert.Equal(("gemma2", 8u, 5f, 8f), (file.Keys["general.architecture"], file.Keys["gemma2.attention.sliding_window"], file.Keys["gemma2.attn_logit_softcapping"], file.Keys["gemma2.final_logit_softcapping"]));
        Assert.DoesNotContain("gemma2.attention.sliding_window_pattern", file.Keys.Keys);
        foreach ((string theirs, string ours) in ((string, string)[])
            [
                ("attn_norm", "input_layernorm"), ("post_attention_norm", "post_attention_layernorm"), ("ffn_norm", "pre_feedforward_layernorm"), ("post_ffw_norm", "post_feedforward_layernorm"),
            ])
            Assert.Equal(tiny.Values($"{Layer0}{ours}.weight").Select(v => v + 1), file.Tensors[$"blk.0.{theirs}.weight"].Values());
        Assert.Equal(tiny.Values("model.norm.weight").Select(v => v + 1), file.Tensors["output_norm.weight"].Values());
        Assert.Equal(tiny.Values("model.embed_tokens.weight"), file.Tensors["token_embd.weight"].Values());
        Assert.Equal(tiny.Values(Layer0 + "self_attn.q_proj.weight"), file.Tensors["blk.0.attn_q.weight"].Values());
        Assert.DoesNotContain(tiny.Notes, note => note.Contains("window", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"sliding_window_pattern":2,"rope_local_base_freq":20000.0,"query_pre_attn_scalar":16,"sliding_window":8}""", 2u)]
    [InlineData("""{"layer_types":["sliding_attention","full_attention"],"rope_theta":null,"rope_parameters":{"full_attention":{"rope_type":"default","rope_theta":1e6},"sliding_attention":{"rope_type":"default","rope_theta":20000.0}},"query_pre_attn_scalar":16,"sliding_window":8}""", 2u)]
    [InlineData("""{"num_hidden_layers":6,"sliding_window_pattern":6,"rope_local_base_freq":20000.0,"query_pre_attn_scalar":16,"sliding_window":8}""", null)]
    public void Gemma_3_says_which_layers_slide_and_how_they_turn(string config, uint? pattern)
    {
        using TinyGguf tiny = new("gemma3_text", config);
        GgufContent file = tiny.Export();
        Assert.Equal(("gemma3", 8u, 20000f), (file.Keys["general.architecture"], file.Keys["gemma3.attention.sliding_window"], file.Keys["gemma3.rope.freq_base_swa"]));
        Assert.Equal(pattern, file.Keys.TryGetValue("gemma3.attention.sliding_window_pattern", out object? given) ? given : null);
        Assert.Equal(tiny.Values(Layer0 + "self_attn.q_norm.weight").Select(v => v + 1), file.Tensors["blk.0.attn_q_norm.weight"].Values());
        Assert.Equal(tiny.Values(Layer0 + "self_attn.k_norm.weight").Select(v => v + 1), file.Tensors["blk.0.attn_k_norm.weight"].Values());
    }

    [Fact]
    public void Phi_3_keeps_its_fused_projections_and_has_its_factors()
    {
        using TinyGguf tiny = new("phi3", """
            {"partial_rotary_factor":0.75,"original_max_position_embeddings":16,"sliding_window":20,"rope_scaling":{"type":"longrope","long_factor":[1.5,2,3,4,5,6],"short_factor":[1,1.25,1.5,2,2,2]}}
            """);
        GgufContent file = tiny.Export();
        Assert.Equal(("phi3", 12u, 16u, 20u), (file.Keys["general.architecture"], file.Keys["phi3.rope.dimension_count"], file.Keys["phi3.rope.scaling.original_context_length"], file.Keys["phi3.attention.sliding_window"]));
        Assert.Equal((float)Math.Sqrt(1 + Math.Log(4) / Math.Log(16)), file.Keys["phi3.rope.scaling.attn_factor"]);
        Assert.Equal([1.5f, 2, 3, 4, 5, 6], file.Tensors["rope_factors_long.weight"].Values());
        Assert.Equal([1, 1.25f, 1.5f, 2, 2, 2], file.Tensors["rope_factors_short.weight"].Values());
        Assert.Equal(tiny.Values(Layer0 + "self_attn.qkv_proj.weight"), file.Tensors["blk.0.attn_qkv.weight"].Values());
        Assert.Equal(tiny.Values(Layer0 + "mlp.gate_up_proj.weight"), file.Tensors["blk.0.ffn_up.weight"].Values());
        Assert.Contains(tiny.Notes, note => note.Contains("window of 20 tokens", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gemma2", """{"query_pre_attn_scalar":24}""", "the attention scale 0.20412415, only with 1/√16")]
    [InlineData("gemma2", """{"query_pre_attn_scalar":16,"num_hidden_layers":3,"layer_types":["full_attention","sliding_attention","sliding_attention"],"sliding_window":8}""", "a pattern of layers that slide")]
    [InlineData("gemma2", """{"query_pre_attn_scalar":16,"final_logit_softcapping":null}""", "without soft-caps")]
    [InlineData("qwen2", """{"rope_scaling":{"rope_type":"dynamic","factor":2.0}}""", "rotary scaling of type Dynamic")]
    [InlineData("qwen2", """{"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":16}}""", "rotary scaling of type Llama3")]
    [InlineData("qwen2", """{"hidden_act":"gelu"}""", "the activation Gelu")]
    [InlineData("smollm3", "{}", "smollm3 models are not exported to GGUF")]
    public void What_llama_cpp_cannot_be_told_is_refused(string modelType, string config, string sentence)
    {
        using TinyGguf tiny = new(modelType, config);
        Assert.Contains(sentence, Assert.Throws<EvoluteInputException>(() => tiny.Export()).Message);
    }

    [Fact]
    public void A_value_beyond_binary16_is_a_fault()
    {
        using TinyGguf tiny = new("qwen2");
        tiny.Weights[Layer0 + "mlp.up_proj.weight"].Span[5] = 70_000;
        Assert.Equal("blk.0.ffn_up.weight: the value 70000 is too large for this type; export as bf16 or f32.", Assert.Throws<EvoluteFaultException>(() => tiny.Export(GgufType.F16)).Message);
        tiny.Export(GgufType.Q8_0);
        tiny.Weights[Layer0 + "mlp.up_proj.weight"].Span[5] = 1e7f;
        Assert.Throws<EvoluteFaultException>(() => tiny.Export(GgufType.Q8_0));
    }

    /// <summary>Rows of each head in the order 0, D/2, 1, D/2 + 1, …</summary>
    private static float[] Interleaved(float[] values, int rowLength, int headSize)
    {
        float[] result = new float[values.Length];
        for (int row = 0; row < values.Length / rowLength; row++)
        {
            int head = row / headSize * headSize, at = row % headSize, to = at < headSize / 2 ? 2 * at : 2 * (at - headSize / 2) + 1;
            Array.Copy(values, row * rowLength, result, (head + to) * rowLength, rowLength);
        }
        return result;
    }

    /// <summary>The nearest value of bfloat16, of two the even one.</summary>
    private static float Nearest(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), low = bits & 0xFFFF, high = bits >> 16;
        return BitConverter.UInt32BitsToSingle((low > 0x8000 || low == 0x8000 && high % 2 == 1 ? high + 1 : high) << 16);
    }
}
