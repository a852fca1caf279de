using System.Text.Json.Nodes;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Tests.Models;

namespace Evolute.Tests.Engines;

/// <summary>Random models of a configuration made on the spot, for what no reference model has.</summary>
internal static class ConfiguredModel
{
    /// <summary>The sizes that every family has.</summary>
    private const string Sizes = """
        { "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
          "vocab_size": 60, "max_position_embeddings": 256, "eos_token_id": null }
        """;

    /// <summary>The spec of a family with some keys set; a null takes the key out.</summary>
    public static ModelSpec Spec(string family, params (string Key, string? Json)[] keys)
    {
        JsonObject config = JsonNode.Parse(Sizes)!.AsObject();
        config["model_type"] = family;
        foreach ((string key, string? json) in keys)
            if (json is null) config.Remove(key);
            else config[key] = JsonNode.Parse(json);
        using TempFolder temp = new();
        File.WriteAllText(temp["config.json"], config.ToJsonString());
        return ModelDirectory.Open(temp.Path).Spec;
    }

    /// <summary>An engine with random weights, the same for the same tensors.</summary>
    public static CpuEngine Engine(ModelSpec spec) => new(spec, TinyModel.Weights(spec), 1);
}
