namespace Evolute.Models;

/// <summary>
/// Reads the rotary embedding of config.json in both styles of transformers: 4 (<c>rope_theta</c> and <c>rope_scaling</c>)
/// and 5 (<c>rope_parameters</c>). Where the two versions compute differently, each style means what its version does.
/// </summary>
/// <param name="config">The root of config.json.</param>
/// <param name="defaults">What the family takes where a key is absent.</param>
/// <param name="headSize">Size of one head.</param>
/// <param name="positions"><c>max_position_embeddings</c>.</param>
internal sealed class RopeConfig(ConfigReader config, DecoderDefaults defaults, int headSize, int positions)
{
    private const string Original = "original_max_position_embeddings";

    private static readonly string[] CommonKeys = ["rope_type", "type", "rope_theta", "factor", Original, "partial_rotary_factor"];
    private static readonly Dictionary<string, string[]> KeysOfType = new()
    {
        ["default"] = [],
        ["linear"] = [],
        ["dynamic"] = [],
        ["llama3"] = ["low_freq_factor", "high_freq_factor"],
        ["yarn"] = ["beta_fast", "beta_slow", "attention_factor", "mscale", "mscale_all_dim", "truncate"],
        ["longrope"] = ["short_factor", "long_factor", "attention_factor"],
    };

    /// <summary>The rotary embedding, and that of sliding layers where the family has another for them.</summary>
    public (RopeSpec Rope, RopeSpec? Sliding) Read()
    {
        ConfigReader? scaling = config.OptionalObject("rope_scaling"), parameters = config.OptionalObject("rope_parameters");
        double theta = Theta(config) ?? defaults.Theta;
        if (defaults.SlidingTheta is double slidingTheta)
            return ByKind(scaling, parameters, theta, config.OptionalDouble("rope_local_base_freq", 1, 1e15) ?? slidingTheta);
        RopeSpec spec = One(parameters ?? scaling, theta, five: parameters is not null);
        if (parameters is not null && scaling is not null && !Same(One(scaling, theta, five: true), spec))
            throw new EvoluteInputException($"{config.File}: rope_scaling and rope_parameters differ; keep one of them.");
        return (spec, null);
    }

    private (RopeSpec Rope, RopeSpec? Sliding) ByKind(ConfigReader? scaling, ConfigReader? parameters, double theta, double slidingTheta)
    {
        // In style 4 the scaling is for the layers that see everything; those that slide turn unscaled.
        if (parameters is null) return (One(scaling, theta, five: false), One(null, slidingTheta, five: false));
        if (scaling is not null) throw new EvoluteInputException($"{config.File}: rope_scaling and rope_parameters are both there; keep one of them.");
        if (parameters.Keys.FirstOrDefault(k => k is not ("full_attention" or "sliding_attention")) is string unknown)
            throw parameters.Unsupported(unknown, $"{defaults.Family} models have rotary parameters for full_attention and for sliding_attention");
        RopeSpec sliding = One(parameters.OptionalObject("sliding_attention"), slidingTheta, five: true);
        if (sliding.DependsOnLength)
            throw parameters.Unsupported("sliding_attention", "frequencies that depend on a sequence's length are built for full_attention only");
        return (One(parameters.OptionalObject("full_attention"), theta, five: true), sliding);
    }

    private RopeSpec One(ConfigReader? section, double theta, bool five)
    {
        RopeSpec plain = new() { Theta = section is null ? theta : Theta(section) ?? theta, Share = Share(section) };
        if (section is null) return plain;
        (string key, string type) = TypeOf(section);
        if (section.Keys.FirstOrDefault(k => !CommonKeys.Contains(k) && !KeysOfType[type].Contains(k)) is string unknown)
            throw section.Unsupported(unknown, $"rotary embeddings of type {type} have no such parameter");
        return type switch
        {
            "default" => plain,
            "linear" => plain with { Scaling = RopeScaling.Linear, Factor = Factor(section) },
            "dynamic" => Dynamic(section, plain, key),
            "llama3" => Llama3(section, plain, five),
            "yarn" => Yarn(section, plain, five),
            _ => LongRope(section, plain, five),
        };
    }

    private (string Key, string Type) TypeOf(ConfigReader section)
    {
        string? type = Named(section, "rope_type"), legacy = Named(section, "type");
        if (type is not null && legacy is not null && type != legacy) throw section.Unsupported("type", "it differs from rope_type");
        string key = type is not null ? "rope_type" : "type", name = type ?? legacy ?? "default";
        if (defaults.PhiRope ? name is not ("default" or "longrope") : !KeysOfType.ContainsKey(name))
            throw section.Unsupported(key, $"only {(defaults.PhiRope ? "default and longrope" : string.Join(", ", KeysOfType.Keys))} are");
        return (key, name);
    }

    private string? Named(ConfigReader section, string key) =>
        section.OptionalString(key) is var name && defaults.PhiRope && name is ("su" or "yarn") ? "longrope" : name;

    private RopeSpec Dynamic(ConfigReader section, RopeSpec plain, string key)
    {
        if (plain.TurningSize(headSize) <= 2) throw section.Unsupported(key, "dynamic scaling needs heads of more than 2 dimensions");
        return plain with { Scaling = RopeScaling.Dynamic, Factor = Factor(section), OriginalMaxPositions = positions };
    }

    private RopeSpec Llama3(ConfigReader section, RopeSpec plain, bool five)
    {
        double low = section.Double("low_freq_factor", 1e-6, 1e6), high = section.Double("high_freq_factor", 1e-6, 1e6);
        if (high <= low) throw section.Bad("high_freq_factor", FormattableString.Invariant($"more than low_freq_factor ({low})"));
        return plain with
        {
            Scaling = RopeScaling.Llama3,
            Factor = Factor(section),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxPositions = five ? Positions(config) ?? Positions(section) ?? positions : section.Int(Original, 1, ConfigLimits.Positions),
        };
    }

    private RopeSpec Yarn(ConfigReader section, RopeSpec plain, bool five)
    {
        // Transformers 4 divides max_position_embeddings by the original length where that is given, whatever the factor; 5 takes the factor.
        int original = (five ? Positions(config) : null) ?? Positions(section) ?? positions;
        double factor = section.OptionalDouble("factor", 1e-6, 1e6) ?? 0;
        if (factor == 0 || (!five && Positions(section) is not null)) factor = (double)positions / original;
        double? mscale = section.OptionalDouble("mscale", 0, 1e6), all = section.OptionalDouble("mscale_all_dim", 0, 1e6);
        double byFactor = mscale > 0 && all > 0 ? YarnMagnitude(factor, mscale.Value) / YarnMagnitude(factor, all.Value) : YarnMagnitude(factor, 1);
        double fast = NonZero(section, "beta_fast") ?? plain.BetaFast, slow = NonZero(section, "beta_slow") ?? plain.BetaSlow;
        if (plain.Theta <= 1) throw config.Bad("rope_theta", "more than 1");
        return plain with
        {
            Scaling = RopeScaling.Yarn,
            Factor = factor,
            OriginalMaxPositions = original,
            BetaFast = fast,
            BetaSlow = slow,
            WholePairs = section.OptionalBool("truncate") ?? true,
            Magnitude = section.OptionalDouble("attention_factor", 0, 1e6) ?? byFactor,
        };
    }

    private RopeSpec LongRope(ConfigReader section, RopeSpec plain, bool five)
    {
        int? beside = Positions(config) ?? defaults.OriginalPositions;
        int original = beside ?? Positions(section) ?? positions;
        double factor = section.OptionalDouble("factor", 1e-6, 1e6) ?? 0;
        if (factor == 0 || (!five && beside is not null)) factor = (double)positions / original;
        double byFactor = factor <= 1 || original == 1 ? 1 : Math.Sqrt(1 + Numerics.PortableMath.Log(factor) / Numerics.PortableMath.Log(original));
        return plain with
        {
            Scaling = RopeScaling.LongRope,
            Factor = factor,
            OriginalMaxPositions = original,
            ShortFactors = Divisors(section, "short_factor", plain),
            LongFactors = Divisors(section, "long_factor", plain),
            Magnitude = section.OptionalDouble("attention_factor", 0, 1e6) ?? byFactor,
        };
    }

    private IReadOnlyList<double> Divisors(ConfigReader section, string key, RopeSpec plain)
    {
        int pairs = plain.TurningSize(headSize) / 2;
        IReadOnlyList<double> divisors = section.Doubles(key, 1e-6, 1e6);
        return divisors.Count == pairs ? divisors : throw section.Bad(key, $"a list of {pairs} numbers, one a pair of turning dimensions");
    }

    private double Share(ConfigReader? section)
    {
        const string key = "partial_rotary_factor";
        ConfigReader owner = section?.Has(key) == true ? section : config;
        double share = owner.OptionalDouble(key, 0, 1) ?? 1;
        if (share != 1 && !defaults.PhiRope) throw owner.Unsupported(key, $"in {defaults.Family} models the rotary embedding covers the whole head");
        int turning = (int)(headSize * share);
        return turning > 0 && turning % 2 == 0 ? share : throw owner.Bad(key, $"such that an even number of a head's {headSize} dimensions turn");
    }

    private static double YarnMagnitude(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Numerics.PortableMath.Log(factor) + 1;

    private static double? NonZero(ConfigReader section, string key) => section.OptionalDouble(key, 0, 1e6) is double value and > 0 ? value : null;

    private static double Factor(ConfigReader section) => section.Double("factor", 1, 1e6);

    private static double? Theta(ConfigReader section) => section.OptionalDouble("rope_theta", 1, 1e15);

    private static int? Positions(ConfigReader section) => section.OptionalInt(Original, 1, ConfigLimits.Positions);

    private static bool Same(RopeSpec a, RopeSpec b) =>
        a with { ShortFactors = b.ShortFactors, LongFactors = b.LongFactors } == b
        && a.ShortFactors.SequenceEqual(b.ShortFactors) && a.LongFactors.SequenceEqual(b.LongFactors);
}
