using System.Text.Json.Nodes;
using CsCheck;
using Evolute.Engines.Cpu;
using Evolute.Models;

namespace Evolute.Tests.Models;

/// <summary>
/// Configurations damaged at random are read or refused with the typed error, never anything else. The hundred thousand run by name:
/// <c>dotnet test -c Release -- --explicit only --filter-class "*ConfigFuzzTests"</c>.
/// </summary>
public class ConfigFuzzTests
{
    private const string Sizes = "\"hidden_size\":32,\"intermediate_size\":48,\"num_hidden_layers\":3,\"num_attention_heads\":4,\"num_key_value_heads\":2,\"vocab_size\":60,\"eos_token_id\":[3,4]";

    private static readonly string[] Seeds =
    [
        $$"""{"model_type":"llama","architectures":["LlamaForCausalLM"],{{Sizes}},"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64},"rope_theta":5e5}""",
        $$"""{"model_type":"llama",{{Sizes}},"rope_scaling":{"rope_type":"dynamic","factor":8.0},"attention_bias":true,"mlp_bias":true}""",
        $$"""{"model_type":"qwen2",{{Sizes}},"rope_parameters":{"rope_type":"yarn","factor":4.0,"rope_theta":1e4,"beta_fast":32,"truncate":false,"mscale":1,"mscale_all_dim":0.7},"use_sliding_window":true,"max_window_layers":1}""",
        $$"""{"model_type":"qwen3",{{Sizes}},"head_dim":24,"layer_types":["full_attention","sliding_attention","full_attention"],"use_sliding_window":true,"sliding_window":9}""",
        $$"""{"model_type":"qwen3_moe",{{Sizes}},"num_experts":6,"num_experts_per_tok":2,"moe_intermediate_size":8,"mlp_only_layers":[1],"decoder_sparse_step":1,"norm_topk_prob":true}""",
        $$"""{"model_type":"mistral",{{Sizes}},"sliding_window":8,"hidden_act":"silu"}""",
        $$"""{"model_type":"mixtral",{{Sizes}},"num_local_experts":4,"num_experts_per_tok":2,"rms_norm_eps":1e-5}""",
        $$"""{"model_type":"gemma2",{{Sizes}},"head_dim":16,"hidden_activation":"gelu_pytorch_tanh","attn_logit_softcapping":5.0,"final_logit_softcapping":8.0,"query_pre_attn_scalar":24,"sliding_window":8}""",
        $$"""{"model_type":"gemma3_text",{{Sizes}},"rope_parameters":{"full_attention":{"rope_theta":1e6,"rope_type":"linear","factor":2.0},"sliding_attention":{"rope_theta":1e4,"rope_type":"default"} },"sliding_window_pattern":2}""",
        $$"""{"model_type":"phi3",{{Sizes}},"partial_rotary_factor":0.75,"rope_scaling":{"type":"longrope","short_factor":[1,1.1,1.2],"long_factor":[2,3,4]},"original_max_position_embeddings":64,"max_position_embeddings":256}""",
        """{"model_type":"t5","architectures":["T5ForConditionalGeneration"],"d_model":32,"d_kv":12,"d_ff":48,"num_layers":2,"num_decoder_layers":3,"num_heads":3,"vocab_size":60,"relative_attention_num_buckets":8,"relative_attention_max_distance":20,"feed_forward_proj":"gated-gelu","dense_act_fn":"gelu_new","is_gated_act":true,"tie_word_embeddings":false,"decoder_start_token_id":0,"eos_token_id":1,"n_positions":512}""",
        $$"""{"model_type":"smollm3",{{Sizes}},"no_rope_layers":[1,1,0],"no_rope_layer_interval":4,"tie_word_embeddings":true}""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2", "3", "7", "1.5", "-0.0", "1e-30", "1e30", "1e308", "1e999", "2147483647", "2147483648", "16777216", "1048576", "4096", "9223372036854775808",
        "\"\"", "\"yarn\"", "\"longrope\"", "\"dynamic\"", "\"su\"", "\"gelu\"", "\"llama\"", "\"gemma3_text\"", "\"qwen3_moe\"", "\"\\u0000\"", "[]", "{}", "[1,2,3]", "[null]", "[\"sliding_attention\",\"sliding_attention\",\"sliding_attention\"]",
        "{\"rope_type\":\"yarn\",\"factor\":1e6}", "{\"rope_type\":\"longrope\",\"short_factor\":[1],\"long_factor\":[1]}", "{\"full_attention\":{}}", "[[[[[[[[1]]]]]]]]",
    ];

    /// <summary>Some values are exchanged, some keys go, some come from another family, and at times bytes are damaged as well.</summary>
    private static readonly Gen<string> Damaged = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Int[0, 4], Gen.UInt, Gen.UInt).Array[1, 4], Gen.UInt,
        (seed, edits, bytes) =>
        {
            JsonObject config = JsonNode.Parse(Seeds[seed])!.AsObject();
            foreach ((int kind, uint where, uint what) in edits) Edit(config, kind, where, what);
            string text = config.ToJsonString();
            if (bytes % 8 != 0) return text;
            int at = (int)(bytes / 8 % (uint)text.Length);
            return text.Remove(at, 1).Insert(at, "{}[]:,\"0e-x"[(int)(bytes % 11)].ToString());
        });

    [Fact]
    public void Damaged_configurations_are_read_or_refused() => Fuzz(3000);

    /// <summary>Run by name: <c>dotnet test -c Release -- --explicit only --filter-class "*ConfigFuzzTests"</c>.</summary>
    [Fact(Explicit = true)]
    public void A_hundred_thousand_damaged_configurations_are_read_or_refused() => Fuzz(100_000);

    private static void Fuzz(int count)
    {
        using TempFolder temp = new();
        int read = 0, refused = 0;
        Damaged.Sample(config =>
        {
            string folder = temp[Guid.NewGuid().ToString("N")];
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "config.json"), config);
            try
            {
                ModelSpec spec = ModelDirectory.Open(folder).Spec;
                Assert.InRange(spec.LayerCount, 1, 1 << 12);
                if (spec.LayerCount <= 8) Assert.True(CpuMemory.Of(spec, 1).Masters > 0);
                float[] frequencies = new float[spec.Rope.TurningSize(spec.HeadSize) / 2];
                RopeFrequencies.Write(spec.Rope, spec.HeadSize, spec.Rope.ContextOf(1000), frequencies);
                Assert.All(frequencies, f => Assert.True(float.IsFinite(f)));
                Interlocked.Increment(ref read);
            }
            catch (EvoluteInputException e)
            {
                Assert.StartsWith(folder, e.Message);
                Assert.InRange(e.Message.Length, 10, 1000);
                Interlocked.Increment(ref refused);
            }
            Directory.Delete(folder, recursive: true);
        }, iter: count);
        Assert.InRange(read, count / 20, count * 9 / 10);
        Assert.Equal(count, read + refused);
    }

    private static void Edit(JsonObject config, int kind, uint where, uint what)
    {
        JsonObject target = config;
        string[] nested = [.. config.Where(p => p.Value is JsonObject).Select(p => p.Key)];
        if (kind == 4 && nested.Length > 0) target = config[nested[where % (uint)nested.Length]]!.AsObject();
        string[] keys = [.. target.Select(p => p.Key)];
        if (keys.Length == 0) return;
        string key = keys[where / 7 % (uint)keys.Length];
        switch (kind)
        {
            case 0 or 1 or 4: target[key] = JsonNode.Parse(Values[what % (uint)Values.Length]); break;
            case 2: target.Remove(key); break;
            case 3:
                KeyValuePair<string, JsonNode?>[] other = [.. JsonNode.Parse(Seeds[what % (uint)Seeds.Length])!.AsObject()];
                (key, JsonNode? value) = other[where % (uint)other.Length];
                target[key] = value?.DeepClone();
                break;
        }
    }
}
