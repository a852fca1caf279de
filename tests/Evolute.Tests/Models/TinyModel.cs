using System.Text.Json.Nodes;
using Evolute.Models;

namespace Evolute.Tests.Models;

/// <summary>A model of a few thousand random weights, made on the spot.</summary>
internal static class TinyModel
{
    public const string Config = """
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "hidden_size": 16,
          "intermediate_size": 24,
          "num_hidden_layers": 2,
          "num_attention_heads": 2,
          "num_key_value_heads": 1,
          "vocab_size": 40,
          "max_position_embeddings": 64,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "eos_token_id": 3,
          "tie_word_embeddings": true,
          "torch_dtype": "float32",
          "note": "Zürich \u003c é, 1.50"
        }
        """;

    /// <summary>Writes one into <paramref name="folder"/>, with files of every kind beside it, and opens it.</summary>
    public static ModelDirectory Create(string folder, StoredType type = StoredType.F32, bool tied = true)
    {
        JsonObject config = JsonNode.Parse(Config)!.AsObject();
        config["tie_word_embeddings"] = tied;
        config["torch_dtype"] = type.TorchName();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), "{ \"eos_token_id\": [3, 4] }\r\n");
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']);
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), "{{ bos }}\n");
        File.WriteAllText(Path.Combine(folder, "evolute.json"), "{\"prompt\":\"compact\"}");
        File.WriteAllText(Path.Combine(folder, "pytorch_model.bin.index.json"), "no part of the model");
        ModelDirectory directory = ModelDirectory.Open(folder);
        using WeightTable weights = Weights(directory.Spec, type);
        SafetensorsWriter.WriteFile(Path.Combine(folder, Checkpoint.SingleFile), [.. weights.Tensors.Select(t => new TensorToStore(t, type))]);
        return directory;
    }

    /// <summary>Random weights.</summary>
    public static WeightTable Weights(ModelSpec spec, StoredType type = StoredType.F32, int seed = 1)
    {
        Random random = new(seed);
        WeightTable weights = new(ModelTensors.Of(spec).Select(t => t with { StoredType = type }));
        foreach (WeightTensor tensor in weights.Tensors)
            for (int i = 0; i < tensor.Length; i++)
                tensor.Span[i] = (float)(random.NextDouble() - 0.5);
        return weights;
    }
}
