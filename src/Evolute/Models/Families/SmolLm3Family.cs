using System.Text.Json;

namespace Evolute.Models.Families;

/// <summary>SmolLM3: Llama with some layers that have no positions.</summary>
internal static class SmolLm3Family
{
    private const int DefaultInterval = 4;

    public static readonly ModelFamily Family = new("smollm3", "SmolLM3ForCausalLM", Read);

    private static readonly DecoderDefaults Defaults = new("smollm3", 32_768) { KeyValueHeads = 4, Theta = 2e6, EndToken = 128_001, Tied = true };

    private static ModelSpec Read(ConfigReader config)
    {
        ModelSpec spec = DecoderConfig.Read(config, Defaults);
        bool[] rotates = Rotates(config, spec.LayerCount);
        spec = spec with { Layers = [.. spec.Layers.Zip(rotates, (layer, r) => layer with { Rotates = r })] };
        int? window = config.OptionalBool("use_sliding_window") == true ? LayerPattern.Window(config, null) : null;
        spec = LayerPattern.ByLayer(config, spec, window, layer => !rotates[layer]);
        return DecoderConfig.WithAttentionBias(config, spec) with { MlpBias = config.OptionalBool("mlp_bias") ?? false };
    }

    /// <summary><c>no_rope_layers</c> has, against its name, a 1 for every layer that rotates; it may be longer than the model.</summary>
    private static bool[] Rotates(ConfigReader config, int layers)
    {
        const string key = "no_rope_layers";
        if (config.Get(key) is JsonElement { ValueKind: not JsonValueKind.Array }) throw config.Bad(key, "a list of 0 and 1");
        if (config.OptionalIntOrList(key, 0, 1) is not { } given)
        {
            int interval = config.OptionalInt("no_rope_layer_interval", 1, int.MaxValue) ?? DefaultInterval;
            return [.. Enumerable.Range(1, layers).Select(number => number % interval != 0)];
        }
        return given.Count >= layers ? [.. given.Take(layers).Select(r => r == 1)] : throw config.Bad(key, $"a list of at least num_hidden_layers ({layers}) entries");
    }
}
