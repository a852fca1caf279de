namespace Evolute.Models.Families;

/// <summary>Gemma 1, and what all Gemmas have in common: norms by 1 + weight, scaled and tied embeddings, GELU.</summary>
internal static class GemmaFamily
{
    public static readonly ModelFamily Family = new("gemma", "GemmaForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("gemma", 8192)
    {
        KeyValueHeads = 16,
        HeadSize = 256,
        EndToken = 1,
        Tied = true,
        Activation = Activation.GeluTanh,
        ActivationKeys = ["hidden_activation", "hidden_act"],
    };

    /// <summary>The spec of any Gemma without what the later ones added.</summary>
    public static ModelSpec ReadCommon(ConfigReader config, DecoderDefaults defaults)
    {
        if (config.OptionalBool("use_bidirectional_attention") == true)
            throw config.Unsupported("use_bidirectional_attention", "attention is causal: a token sees those before it");
        ModelSpec spec = DecoderConfig.Read(config, defaults);
        return DecoderConfig.WithAttentionBias(config, spec) with { UnitOffsetNorms = true, EmbeddingScale = MathF.Sqrt(spec.HiddenSize) };
    }

    private static ModelSpec Read(ConfigReader config) => LayerPattern.None(config, ReadCommon(config, Defaults));
}
