using System.Text.Json.Nodes;
using Evolute.Models;
using Evolute.Tests.Models;
using Evolute.Text;

namespace Evolute.Tests.Cli;

/// <summary>
/// A tiny random model with a tokenizer: one token a byte, then <c>&lt;|end|&gt;</c> and <c>&lt;|user|&gt;</c>, and a few pieces of answers
/// that it likes to say, so that its answers earn different rewards.
/// </summary>
internal static class TextModel
{
    public const int End = 256, User = 257;

    private const int Window = 64;
    private const float Liking = 3;

    private static readonly string[] Pieces = ["<answer>", "</answer>", "<answer>1+2</answer>", "</think>\n", "<think>", "3*4", "5-"];

    private static int VocabularySize => User + 1 + Pieces.Length;

    /// <summary>One with an encoder and a decoder.</summary>
    private const string EncoderDecoder = """
        { "architectures": ["T5ForConditionalGeneration"], "model_type": "t5", "d_model": 16, "d_kv": 6, "d_ff": 24, "num_layers": 1, "num_heads": 2, "decoder_start_token_id": 0 }
        """;

    /// <summary>Writes it into <paramref name="folder"/>.</summary>
    public static string Create(string folder, bool encoderDecoder = false)
    {
        JsonObject config = JsonNode.Parse(encoderDecoder ? EncoderDecoder : TinyModel.Config)!.AsObject();
        config["vocab_size"] = VocabularySize;
        config["max_position_embeddings"] = Window;
        config["eos_token_id"] = End;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TokenizerJson().ToJsonString());
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), "{% for m in messages %}<|user|>{{ m.content }}<|end|>\n{% endfor %}{% if add_generation_prompt %}>{% endif %}");
        ModelSpec spec = ModelDirectory.Open(folder).Spec;
        using WeightTable weights = TinyModel.Weights(spec);
        foreach (ref float weight in weights[ModelTensors.Embedding(spec)].Span[((User + 1) * spec.HiddenSize)..]) weight *= Liking;
        SafetensorsWriter.WriteFile(Path.Combine(folder, Checkpoint.SingleFile), [.. weights.Tensors.Select(t => new TensorToStore(t, StoredType.F32))]);
        return folder;
    }

    private static JsonObject TokenizerJson()
    {
        JsonObject vocabulary = [];
        for (int b = 0; b < 256; b++) vocabulary[ByteAlphabet.CharOf((byte)b).ToString()] = b;
        JsonArray added = [Added(End, "<|end|>", special: true), Added(User, "<|user|>", special: true)];
        for (int i = 0; i < Pieces.Length; i++) added.Add(Added(User + 1 + i, Pieces[i], special: false));
        return new JsonObject
        {
            ["added_tokens"] = added,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    private static JsonObject Added(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["special"] = special,
        ["normalized"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["single_word"] = false,
    };
}
