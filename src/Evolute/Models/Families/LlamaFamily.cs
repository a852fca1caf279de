namespace Evolute.Models.Families;

/// <summary>Llama 2 and 3.x, and what shares their configuration: SmolLM2, TinyLlama, Yi and others.</summary>
internal static class LlamaFamily
{
    private const int DefaultEndToken = 2;

    public static readonly ModelFamily Family = new("llama", "LlamaForCausalLM", Read);

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = DecoderConfig.Read(config, "llama", defaultPositions: 2048);
        // Llama has no window of its own; a configuration that carries one was converted from a model that slides in every layer.
        bool slides = config.Has("sliding_window") && config.OptionalBool("use_sliding_window") != false;
        DecoderConfig.RefuseSlidingWindow(config, spec, slides ? 0 : null);
        bool attentionBias = config.OptionalBool("attention_bias") ?? false;
        return spec with
        {
            // Llama's configuration class ends at token 2 where config.json does not say.
            EndTokens = config.Json.TryGetProperty("eos_token_id", out _) || spec.VocabularySize <= DefaultEndToken ? spec.EndTokens : [DefaultEndToken],
            QkvBias = attentionBias,
            OutputBias = attentionBias,
            MlpBias = config.OptionalBool("mlp_bias") ?? false,
        };
    }
}
