namespace Evolute.Models.Families;

/// <summary>Gemma 2: norms around both parts of a layer, soft-caps, and every other layer slides, the first one too.</summary>
internal static class Gemma2Family
{
    private const int DefaultWindow = 4096;
    private const double DefaultAttentionCap = 50, DefaultLogitCap = 30, DefaultScalar = 256;

    public static readonly ModelFamily Family = new("gemma2", "Gemma2ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("gemma2", 8192)
    {
        KeyValueHeads = 4,
        HeadSize = 256,
        EndToken = 1,
        Tied = true,
        Activation = Activation.GeluTanh,
        ActivationKeys = ["hidden_activation"],
    };

    /// <summary>A spec with norms around both parts and the scale of <c>query_pre_attn_scalar</c>.</summary>
    public static ModelSpec WithNormsAndScale(ConfigReader config, ModelSpec spec) => spec with
    {
        NormsAfter = true,
        AttentionScale = (float)(1 / Math.Sqrt(config.OptionalDouble("query_pre_attn_scalar", 1e-6, 1e9) ?? DefaultScalar)),
    };

    /// <summary>A soft-cap: 0 where the key is null, the class's own where it is absent.</summary>
    public static float SoftCap(ConfigReader config, string key, double absent) =>
        (float)(config.OptionalDouble(key, 1e-6, 1e9) ?? (config.Json.TryGetProperty(key, out _) ? 0 : absent));

    /// <summary>The window, which is never off.</summary>
    public static int Window(ConfigReader config) =>
        LayerPattern.Window(config, DefaultWindow) ?? throw config.Bad("sliding_window", "a whole number, as some layers slide");

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = WithNormsAndScale(config, GemmaFamily.ReadCommon(config, Defaults)) with
        {
            AttentionSoftCap = SoftCap(config, "attn_logit_softcapping", DefaultAttentionCap),
            LogitSoftCap = SoftCap(config, "final_logit_softcapping", DefaultLogitCap),
        };
        return LayerPattern.ByLayer(config, spec, Window(config), layer => layer % 2 == 0);
    }
}
