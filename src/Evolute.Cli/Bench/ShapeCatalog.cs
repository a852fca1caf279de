using System.Text.Json;
using Evolute.Models;

namespace Evolute.Cli.Bench;

/// <summary>Shapes of models that are measured with random weights: a name, or any config.json.</summary>
internal static class ShapeCatalog
{
    private const int MaxConfigBytes = 16 << 20;

    private static readonly SortedDictionary<string, string> Configs = new(StringComparer.Ordinal)
    {
        // Of the bundled model's kind, fourteen times as large.
        ["mini-2.5m"] = Qwen2(192, 512, 6, 6, 3, 523, tied: true, positions: 2048, theta: 10_000),
        ["qwen2.5-0.5b"] = Qwen2(896, 4864, 24, 14, 2, 151_936, tied: true),
        ["qwen2.5-1.5b"] = Qwen2(1536, 8960, 28, 12, 2, 151_936, tied: true),
        ["qwen2.5-3b"] = Qwen2(2048, 11_008, 36, 16, 2, 151_936, tied: true),
        ["qwen2.5-7b"] = Qwen2(3584, 18_944, 28, 28, 4, 152_064, tied: false),
        ["smollm2-135m"] = Llama(576, 1536, 30, 9, 3, 49_152, 8192, 100_000),
        ["smollm2-360m"] = Llama(960, 2560, 32, 15, 5, 49_152, 8192, 100_000),
        ["smollm2-1.7b"] = Llama(2048, 8192, 24, 32, 32, 49_152, 8192, 130_000),
        ["llama-3.2-1b"] = Llama(2048, 8192, 16, 32, 8, 128_256, 131_072, 500_000, """
            , "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}
            """),
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names => [.. Configs.Keys];

    /// <summary>The shape of a name, or of the config.json at a path.</summary>
    /// <exception cref="EvoluteInputException">There is neither, or the file is damaged or of a model that is not supported.</exception>
    public static (string Name, ConfigReader Config) Find(string shape)
    {
        if (Configs.TryGetValue(shape, out string? text)) return (shape, new ConfigReader(JsonElement.Parse(text), shape));
        return JsonFile.ReadObject(shape, MaxConfigBytes) is { } json
            ? (Path.GetFileNameWithoutExtension(shape), new ConfigReader(json, shape))
            : throw new EvoluteInputException($"--shape: {Quoted.Text(shape)} is neither a shape nor a config.json; the shapes are {string.Join(", ", Names)}.");
    }

    private static string Qwen2(int hidden, int intermediate, int layers, int heads, int keyValueHeads, int vocabulary, bool tied, int positions = 32_768, int theta = 1_000_000) => $$"""
        {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
        "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyValueHeads}}, "vocab_size": {{vocabulary}}, "tie_word_embeddings": {{(tied ? "true" : "false")}},
        "max_position_embeddings": {{positions}}, "rope_theta": {{theta}}.0, "rms_norm_eps": 1e-06, "hidden_act": "silu", "use_sliding_window": false, "torch_dtype": "float32"}
        """;

    private static string Llama(int hidden, int intermediate, int layers, int heads, int keyValueHeads, int vocabulary, int positions, int theta, string more = "") => $$"""
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": {{hidden}}, "intermediate_size": {{intermediate}}, "num_hidden_layers": {{layers}},
        "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyValueHeads}}, "vocab_size": {{vocabulary}}, "tie_word_embeddings": true,
        "max_position_embeddings": {{positions}}, "rope_theta": {{theta}}.0, "rms_norm_eps": 1e-05, "hidden_act": "silu", "torch_dtype": "float32"{{more}}}
        """;
}
