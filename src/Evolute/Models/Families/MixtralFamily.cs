namespace Evolute.Models.Families;

/// <summary>Mixtral: Mistral with routed experts in every layer, and no window unless one is set.</summary>
internal static class MixtralFamily
{
    private const int DefaultExperts = 8, DefaultActive = 2;

    public static readonly ModelFamily Family = new("mixtral", "MixtralForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("mixtral", 131_072) { KeyValueHeads = 8, NormEpsilon = 1e-5, Theta = 1e6, EndToken = 2 };

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = LayerPattern.Uniform(config, DecoderConfig.Read(config, Defaults), LayerPattern.Window(config, null));
        int count = config.OptionalInt("num_local_experts", 1, ConfigLimits.Experts) ?? config.OptionalInt("num_experts", 1, ConfigLimits.Experts) ?? DefaultExperts;
        return spec with
        {
            Layers = [.. spec.Layers.Select(layer => layer with { Routed = true })],
            Experts = new ExpertSpec
            {
                Count = count,
                Active = ExpertConfig.Active(config, count, DefaultActive),
                IntermediateSize = spec.IntermediateSize,
                SharesSumToOne = true,
                Block = "block_sparse_moe",
                Gate = "w1",
                Up = "w3",
                Down = "w2",
            },
        };
    }
}
