using System.Text.Json;

namespace Evolute.Models.Families;

/// <summary>Qwen3 with routed experts in some or all layers.</summary>
internal static class Qwen3MoeFamily
{
    private const int DefaultExperts = 128, DefaultActive = 8, DefaultWidth = 768;

    public static readonly ModelFamily Family = new("qwen3_moe", "Qwen3MoeForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("qwen3_moe", 32_768) { KeyValueHeads = 4 };

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = LayerPattern.Uniform(config, DecoderConfig.Read(config, Defaults), Qwen2Family.Window(config));
        spec = DecoderConfig.WithAttentionBias(config, spec) with { QueryKeyNorm = true };
        // Transformers 5 writes num_local_experts.
        int count = config.OptionalInt("num_experts", 0, ConfigLimits.Experts) ?? config.OptionalInt("num_local_experts", 0, ConfigLimits.Experts) ?? DefaultExperts;
        int step = config.OptionalInt("decoder_sparse_step", 1, int.MaxValue) ?? 1;
        HashSet<int> dense = DenseLayers(config);
        bool[] routed = [.. Enumerable.Range(0, spec.LayerCount).Select(i => count > 0 && !dense.Contains(i) && (i + 1) % step == 0)];
        if (!routed.Contains(true)) return spec;
        return spec with
        {
            Layers = [.. spec.Layers.Zip(routed, (layer, r) => layer with { Routed = r })],
            Experts = new ExpertSpec
            {
                Count = count,
                Active = ExpertConfig.Active(config, count, DefaultActive),
                IntermediateSize = config.OptionalInt("moe_intermediate_size", 1, ConfigLimits.Width) ?? DefaultWidth,
                SharesSumToOne = config.OptionalBool("norm_topk_prob") ?? false,
            },
        };
    }

    private static HashSet<int> DenseLayers(ConfigReader config)
    {
        const string key = "mlp_only_layers";
        if (config.Get(key) is JsonElement { ValueKind: not JsonValueKind.Array }) throw config.Bad(key, "a list of layers");
        return [.. config.OptionalIntOrList(key, 0, int.MaxValue) ?? []];
    }
}
