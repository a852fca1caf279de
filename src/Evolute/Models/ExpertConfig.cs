namespace Evolute.Models;

/// <summary>Reads what families with routed experts have in common from config.json.</summary>
internal static class ExpertConfig
{
    /// <summary>How many of <paramref name="count"/> experts a token uses.</summary>
    public static int Active(ConfigReader config, int count, int absent)
    {
        const string key = "num_experts_per_tok";
        int active = config.OptionalInt(key, 1, ConfigLimits.Experts) ?? absent;
        return active <= count ? active : throw config.Bad(key, $"at most the number of experts ({count})");
    }
}
