namespace Evolute.Models;

/// <summary>
/// Reads the rotary embedding of config.json in both styles of transformers: 4 (<c>rope_theta</c> and <c>rope_scaling</c>)
/// and 5 (<c>rope_parameters</c>).
/// </summary>
internal static class RopeConfig
{
    private const double DefaultTheta = 10_000;
    private static readonly string[] KnownKeys = [
        "rope_type", "type", "rope_theta", "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings", "partial_rotary_factor"];

    public static RopeSpec Read(ConfigReader config)
    {
        RequireWholeHead(config);
        double theta = Theta(config) ?? DefaultTheta;
        ConfigReader? scaling = config.OptionalObject("rope_scaling"), parameters = config.OptionalObject("rope_parameters");
        RopeSpec spec = Read(parameters ?? scaling, theta);
        if (parameters is not null && scaling is not null && Read(scaling, theta) != spec)
            throw new EvoluteInputException($"{config.File}: rope_scaling and rope_parameters differ; keep one of them.");
        return spec;
    }

    private static RopeSpec Read(ConfigReader? config, double theta)
    {
        if (config is null) return new RopeSpec { Theta = theta };
        RequireWholeHead(config);
        if (config.Keys.FirstOrDefault(k => !KnownKeys.Contains(k)) is string unknown)
            throw config.Unsupported(unknown, "only default, linear and llama3 rotary embeddings are built, and they have no such parameter");
        theta = Theta(config) ?? theta;
        string? type = config.OptionalString("rope_type"), legacy = config.OptionalString("type");
        if (type is not null && legacy is not null && type != legacy) throw config.Unsupported("type", "it differs from rope_type");
        return (type ?? legacy ?? "default") switch
        {
            "default" => new RopeSpec { Theta = theta },
            "linear" => new RopeSpec { Theta = theta, Scaling = RopeScaling.Linear, Factor = Factor(config) },
            "llama3" => Llama3(config, theta),
            _ => throw config.Unsupported(type is not null ? "rope_type" : "type", "only default, linear and llama3 are"),
        };
    }

    private static RopeSpec Llama3(ConfigReader config, double theta)
    {
        double low = config.Double("low_freq_factor", 1e-6, 1e6), high = config.Double("high_freq_factor", 1e-6, 1e6);
        if (high <= low) throw config.Bad("high_freq_factor", FormattableString.Invariant($"more than low_freq_factor ({low})"));
        return new RopeSpec
        {
            Theta = theta,
            Scaling = RopeScaling.Llama3,
            Factor = Factor(config),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxPositions = config.Int("original_max_position_embeddings", 1, ConfigLimits.Positions),
        };
    }

    private static double Factor(ConfigReader config) => config.Double("factor", 1, 1e6);

    private static double? Theta(ConfigReader config) => config.OptionalDouble("rope_theta", 1, 1e15);

    private static void RequireWholeHead(ConfigReader config)
    {
        if (config.OptionalDouble("partial_rotary_factor", 0, 1) is double share && share != 1)
            throw config.Unsupported("partial_rotary_factor", "the rotary embedding always covers the whole head");
    }
}
