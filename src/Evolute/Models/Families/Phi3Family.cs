namespace Evolute.Models.Families;

/// <summary>Phi-3, 3.5 and 4-mini: fused projections, a rotary embedding that may cover a part of a head, longrope.</summary>
internal static class Phi3Family
{
    public static readonly ModelFamily Family = new("phi3", "Phi3ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("phi3", 4096)
    {
        NormEpsilon = 1e-5,
        OriginalPositions = 4096,
        PhiRope = true,
        EndToken = 32_000,
    };

    private static ModelSpec Read(ConfigReader config) =>
        LayerPattern.Uniform(config, DecoderConfig.Read(config, Defaults), LayerPattern.Window(config, null)) with { FusedProjections = true };
}
