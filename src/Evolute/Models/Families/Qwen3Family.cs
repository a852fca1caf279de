namespace Evolute.Models.Families;

/// <summary>Qwen3: every query and key head is normed, heads have a size of their own, and biases are gone unless asked for.</summary>
internal static class Qwen3Family
{
    public static readonly ModelFamily Family = new("qwen3", "Qwen3ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("qwen3", 32_768) { KeyValueHeads = 32, HeadSize = 128 };

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = Qwen2Family.WithWindow(config, DecoderConfig.Read(config, Defaults));
        return DecoderConfig.WithAttentionBias(config, spec) with { QueryKeyNorm = true };
    }
}
