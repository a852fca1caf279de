namespace Evolute.Models;

/// <summary>Reads which layers slide, and how far they see, from config.json.</summary>
internal static class LayerPattern
{
    private const string Full = "full_attention", Sliding = "sliding_attention", Key = "sliding_window";

    /// <summary>Layers slide as <c>layer_types</c> says, or where it does not, by the family's rule.</summary>
    /// <param name="config">The root of config.json.</param>
    /// <param name="spec">The spec read so far.</param>
    /// <param name="window">Positions that a sliding layer sees, or null where none slides.</param>
    /// <param name="slides">The family's rule, by the layer's index.</param>
    public static ModelSpec ByLayer(ConfigReader config, ModelSpec spec, int? window, Func<int, bool> slides)
    {
        IReadOnlyList<string>? types = Types(config, spec);
        bool[] sliding = [.. Enumerable.Range(0, spec.LayerCount).Select(i => types is null ? window is not null && slides(i) : types[i] == Sliding)];
        if (!sliding.Contains(true)) return spec;
        return spec with
        {
            SlidingWindow = window ?? throw config.Unsupported("layer_types", $"it has layers that slide, but {Key} is off"),
            Layers = [.. spec.Layers.Zip(sliding, (layer, s) => layer with { Slides = s })],
        };
    }

    /// <summary>All layers slide, or none where <paramref name="window"/> is null; <c>layer_types</c> has no say in the family, so it must agree.</summary>
    public static ModelSpec Uniform(ConfigReader config, ModelSpec spec, int? window)
    {
        string type = window is null ? Full : Sliding;
        if (Types(config, spec)?.Any(t => t != type) == true)
            throw config.Unsupported("layer_types", $"in {spec.Family} models all layers slide where {Key} is set, and none otherwise");
        return ByLayer(config, spec, window, _ => true);
    }

    /// <summary>For a family that has no window: refuses one that a sequence could outgrow, as of a configuration converted from another family.</summary>
    public static ModelSpec None(ConfigReader config, ModelSpec spec)
    {
        int? window = config.OptionalBool("use_sliding_window") == false ? null : Window(config, null);
        if (window < spec.MaxPositions) throw config.Unsupported(Key, $"{spec.Family} models have no sliding window; it stays out of use where it is at least max_position_embeddings");
        if (Types(config, spec)?.Contains(Sliding) == true) throw config.Unsupported("layer_types", $"{spec.Family} models have no sliding window");
        return spec;
    }

    /// <summary><c>sliding_window</c>: what the key says, null where it is null, and the class's own where it is absent.</summary>
    public static int? Window(ConfigReader config, int? absent) =>
        config.OptionalInt(Key, 1, int.MaxValue) ?? (config.Json.TryGetProperty(Key, out _) ? null : absent);

    private static IReadOnlyList<string>? Types(ConfigReader config, ModelSpec spec)
    {
        IReadOnlyList<string>? types = config.OptionalStrings("layer_types");
        if (types is not null && types.Count != spec.LayerCount)
            throw config.Bad("layer_types", $"a list of num_hidden_layers ({spec.LayerCount}) entries");
        if (types?.FirstOrDefault(t => t is not (Full or Sliding)) is string unknown)
            throw config.Unsupported("layer_types", $"{Quoted.Text(unknown)} is not built, only {Full} and {Sliding} are");
        return types;
    }
}
