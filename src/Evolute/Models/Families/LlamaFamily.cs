namespace Evolute.Models.Families;

/// <summary>Llama 2 and 3.x, and what shares their configuration: SmolLM2, TinyLlama, Yi and others.</summary>
internal static class LlamaFamily
{
    public static readonly ModelFamily Family = new("llama", "LlamaForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("llama", 2048) { EndToken = 2 };

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = LayerPattern.None(config, DecoderConfig.Read(config, Defaults));
        return DecoderConfig.WithAttentionBias(config, spec) with { MlpBias = config.OptionalBool("mlp_bias") ?? false };
    }
}
