namespace Evolute.Models.Families;

/// <summary>Gemma 3, text: Gemma 2 with normed queries and keys in place of attention's soft-cap, and sliding layers that turn in their own way.</summary>
internal static class Gemma3Family
{
    private const int DefaultPattern = 6;

    public static readonly ModelFamily Family = new("gemma3_text", "Gemma3ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("gemma3_text", 131_072)
    {
        KeyValueHeads = 4,
        HeadSize = 256,
        Theta = 1e6,
        SlidingTheta = 10_000,
        EndToken = 1,
        Tied = true,
        Activation = Activation.GeluTanh,
        ActivationKeys = ["hidden_activation"],
    };

    private static ModelSpec Read(ConfigReader config)
    {
        if (config.Has("attn_logit_softcapping"))
            throw config.Unsupported("attn_logit_softcapping", "Gemma 3 norms queries and keys instead, and transformers leaves the key aside");
        ModelSpec spec = Gemma2Family.WithNormsAndScale(config, GemmaFamily.ReadCommon(config, Defaults)) with
        {
            QueryKeyNorm = true,
            LogitSoftCap = Gemma2Family.SoftCap(config, "final_logit_softcapping", 0),
        };
        int pattern = config.OptionalInt("sliding_window_pattern", 1, int.MaxValue) ?? config.OptionalInt("_sliding_window_pattern", 1, int.MaxValue) ?? DefaultPattern;
        return LayerPattern.ByLayer(config, spec, Gemma2Family.Window(config), layer => (layer + 1) % pattern != 0);
    }
}
