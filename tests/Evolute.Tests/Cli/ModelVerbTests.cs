using System.Text.Json;
using Evolute.Cli;
using Evolute.Models;
using Evolute.Numerics;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Cli;

/// <summary>The verbs that look at a machine or at a model, against the reference models.</summary>
public class ModelVerbTests
{
    [Fact]
    public void Env_says_what_is_used()
    {
        ToolResult result = Tool.RunWith(new Dictionary<string, string> { [VectorWidth.Variable] = "4" }, "", "env", "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Equal(4, result.Json.GetProperty("vector_lanes").GetInt32());
        Assert.Equal("4", result.Json.GetProperty("evolute_lanes").GetString());
        Assert.Equal("cpu", result.Json.GetProperty("devices")[0].GetString());
        Assert.True(result.Json.GetProperty("memory_bytes").GetInt64() > 0);
        Assert.Contains("float32 lanes", Tool.Call("env").Out);
    }

    [Fact]
    public void A_wrong_vector_width_is_bad_input_for_every_verb()
    {
        string model = SharedFixtures.Path("fixtures", "golden", "qwen2_tied");
        Dictionary<string, string> wrong = new() { [VectorWidth.Variable] = "5" };
        foreach (string[] args in (string[][])[["env"], ["score", "--model", model, "--input-ids", "1,2"]])
        {
            ToolResult result = Tool.RunWith(wrong, "", args);
            Assert.Equal((ExitCode.BadInput, "EVOLUTE_LANES=5 is not a vector width; use 1, 4, 8 or 16, or leave it unset."), (result.Code, result.Sentence));
        }
    }

    [Fact]
    public void Inspect_shows_spec_tensors_memory_and_fingerprint()
    {
        string model = SharedFixtures.Path("fixtures", "golden", "qwen2_tied_bf16");
        JsonElement json = Tool.Call("inspect", "--model", model, "--threads", "3", "--json").Json;
        Assert.Equal(88_640, json.GetProperty("parameters").GetInt64());
        Assert.Equal(64, json.GetProperty("weights_sha256").GetString()!.Length);
        Assert.Equal("qwen2", json.GetProperty("spec").GetProperty("family").GetString());
        Assert.Equal(4 * 88_640, json.GetProperty("memory").GetProperty("masters").GetInt64());
        Assert.Equal(3, json.GetProperty("memory").GetProperty("seats").GetInt32());
        JsonElement embedding = json.GetProperty("tensors")[0];
        Assert.Equal("model.embed_tokens.weight", embedding.GetProperty("name").GetString());
        Assert.Equal("bfloat16", embedding.GetProperty("stored").GetString());
        string text = Tool.Call("inspect", "--model", model).Out;
        Assert.Contains("88,640 parameters", text);
        Assert.Contains(json.GetProperty("weights_sha256").GetString()!, text);
    }

    [Fact]
    public void Inspect_counts_what_low_rank_noise_needs()
    {
        string[] inspect = ["inspect", "--model", SharedFixtures.Path("fixtures", "golden", "qwen2_tied"), "--threads", "3"];
        JsonElement full = Tool.Call([.. inspect, "--json"]).Json.GetProperty("memory");
        string[] low = [.. inspect, "--noise", "low-rank", "--rank", "2", "--population", "40"];
        JsonElement memory = Tool.Call([.. low, "--json"]).Json.GetProperty("memory"), noise = memory.GetProperty("low_rank");
        Assert.Equal(JsonValueKind.Null, full.GetProperty("low_rank").ValueKind);
        // One for each of 16 slots, and one whose prompts wait.
        Assert.Equal(17, noise.GetProperty("together").GetInt32());
        Assert.Equal(3 * 17 * noise.GetProperty("member").GetInt64() + noise.GetProperty("update").GetInt64(), memory.GetProperty("peak").GetInt64() - full.GetProperty("peak").GetInt64());
        Assert.Contains("3 × 17 members × ", Tool.Call(low).Out, StringComparison.Ordinal);
        Assert.Equal("--rank does nothing with --noise full; leave it out, or give --noise low-rank.", Tool.Call([.. inspect, "--rank", "2"]).Sentence);
        Assert.Equal((ExitCode.BadInput, true), (Tool.Call([.. inspect, "--noise", "low-rank", "--rank", "0"]).Code, Tool.Call([.. inspect, "--noise", "low-rank", "--rank", "0"]).Sentence.Contains("--rank", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_bundled_model_is_the_default_and_is_found_from_any_folder_below_it()
    {
        string bundled = BundledModel.Locate();
        Assert.Equal(bundled, Tool.Call("inspect", "--json").Json.GetProperty("model").GetString());
        Assert.Equal(bundled, BundledModel.Find(Path.Combine(bundled, "..", "..", "src", "Evolute")) is { } found ? Path.GetFullPath(found) : null);
        using TempFolder elsewhere = new();
        Assert.Null(BundledModel.Find(elsewhere.Path));
    }

    [Theory]
    [InlineData("qwen2_tied")]
    [InlineData("llama_untied_sharded")]
    public void Score_agrees_with_transformers(string name)
    {
        string path = SharedFixtures.Path("fixtures", "golden", name);
        JsonElement[] prompts = [.. new GoldenModel(name).Expected.GetProperty("prompts").EnumerateArray()];
        List<string> args = ["score", "--model", path, "--json", "--batch-size", "3"];
        foreach (JsonElement prompt in prompts)
        {
            args.Add("--input-ids");
            args.Add(string.Join(',', GoldenModel.Ints(prompt.GetProperty("ids")).Concat(GoldenModel.Ints(prompt.GetProperty("greedy")))));
            args.Add("--input-ids");
            args.Add(string.Join(',', GoldenModel.Ints(prompt.GetProperty("ids"))));
        }
        ToolResult result = Tool.Run([.. args]);
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        JsonElement[] scores = [.. result.Json.GetProperty("prompts").EnumerateArray()];
        Assert.Equal(2 * prompts.Length, scores.Length);
        for (int i = 0; i < prompts.Length; i++)
        {
            int length = prompts[i].GetProperty("ids").GetArrayLength();
            JsonElement[] logs = [.. scores[2 * i].GetProperty("logprobs").EnumerateArray()];
            Assert.Equal(JsonValueKind.Null, logs[0].ValueKind);
            AssertClose(GoldenModel.Floats(prompts[i].GetProperty("logprobs")), [.. logs.Skip(length).Select(l => l.GetSingle())]);
            AssertClose(GoldenModel.Floats(prompts[i].GetProperty("last_logits")), GoldenModel.Floats(scores[2 * i + 1].GetProperty("last_logits")));
        }
    }

    [Fact]
    public void Score_is_the_same_text_whatever_batch_and_threads()
    {
        string model = SharedFixtures.Path("fixtures", "golden", "llama3_rope");
        string[] args = ["score", "--model", model, "--json", "--input-ids", "1,2,3,4,5,6,7", "--input-ids", "9", "--input-ids", "3,3,3"];
        string one = Tool.Call([.. args, "--batch-size", "1", "--threads", "1"]).Out;
        Assert.Equal(one, Tool.Call([.. args, "--batch-size", "3", "--threads", "3"]).Out);
        Assert.Contains("perplexity", Tool.Call("score", "--model", model, "--input-ids", "1,2,3").Out);
    }

    [Theory]
    [InlineData("Token id 320 is outside the model's vocabulary, 0 to 319.", "0,320")]
    [InlineData("A sequence of 257 tokens is longer than the model's window of 256.", null)]
    public void What_the_model_cannot_take_is_refused(string sentence, string? ids)
    {
        string model = SharedFixtures.Path("fixtures", "golden", "qwen2_tied");
        ToolResult result = Tool.Call("score", "--model", model, "--input-ids", ids ?? string.Join(',', Enumerable.Repeat(1, 257)));
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-4f, $"{i}: expected {expected[i]}, got {actual[i]}");
    }
}
