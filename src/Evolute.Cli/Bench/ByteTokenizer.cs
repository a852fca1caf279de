using System.Text.Json.Nodes;
using Evolute.Text;

namespace Evolute.Cli.Bench;

/// <summary>A tokenizer for a shape, so that other programs load its files: GPT-2's, one token a byte.</summary>
internal static class ByteTokenizer
{
    /// <summary>tokenizer.json of a vocabulary of so many tokens; those beyond the bytes stand for nothing.</summary>
    public static string Json(int vocabulary)
    {
        JsonObject tokens = [];
        for (int b = 0; b < Math.Min(256, vocabulary); b++) tokens[ByteAlphabet.CharOf((byte)b).ToString()] = b;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = tokens, ["merges"] = new JsonArray() },
        }.ToJsonString();
    }
}
