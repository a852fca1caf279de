namespace Evolute.Models.Families;

/// <summary>Qwen2 and Qwen2.5: biases on queries, keys and values, and a window that is off unless asked for.</summary>
internal static class Qwen2Family
{
    private const int DefaultWindow = 4096, DefaultMaxWindowLayers = 28;

    public static readonly ModelFamily Family = new("qwen2", "Qwen2ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("qwen2", 32_768) { KeyValueHeads = 32 };

    /// <summary>Layers from <c>max_window_layers</c> on slide where <c>use_sliding_window</c> says so.</summary>
    public static ModelSpec WithWindow(ConfigReader config, ModelSpec spec)
    {
        int fullLayers = config.OptionalInt("max_window_layers", 0, int.MaxValue) ?? DefaultMaxWindowLayers;
        return LayerPattern.ByLayer(config, spec, Window(config), layer => layer >= fullLayers);
    }

    /// <summary>The window, or null where it is off.</summary>
    public static int? Window(ConfigReader config) =>
        config.OptionalBool("use_sliding_window") == true ? LayerPattern.Window(config, DefaultWindow) : null;

    private static ModelSpec Read(ConfigReader config) => WithWindow(config, DecoderConfig.Read(config, Defaults)) with { QkvBias = true };
}
