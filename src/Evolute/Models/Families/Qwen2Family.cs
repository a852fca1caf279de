namespace Evolute.Models.Families;

/// <summary>Qwen2 and Qwen2.5: biases on queries, keys and values, and a window that is off unless asked for.</summary>
internal static class Qwen2Family
{
    private const int DefaultMaxWindowLayers = 28;

    public static readonly ModelFamily Family = new("qwen2", "Qwen2ForCausalLM", Read);

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = DecoderConfig.Read(config, "qwen2", defaultPositions: 32_768);
        // An explicit null for the window turns it off; without the key the class has one of 4,096.
        bool slides = config.OptionalBool("use_sliding_window") == true
            && (config.Has("sliding_window") || !config.Json.TryGetProperty("sliding_window", out _));
        int fullLayers = config.OptionalInt("max_window_layers", 0, int.MaxValue) ?? DefaultMaxWindowLayers;
        DecoderConfig.RefuseSlidingWindow(config, spec, slides ? fullLayers : null);
        return spec with { QkvBias = true };
    }
}
