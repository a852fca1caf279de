using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Cli;

/// <summary>The verbs on a model with an encoder and a decoder.</summary>
public class T5VerbTests
{
    [Theory]
    [InlineData("t5")]
    [InlineData("t5_v1_1")]
    public void Score_and_generate_agree_with_transformers(string name)
    {
        string path = SharedFixtures.Path("fixtures", "golden", name);
        JsonElement[] prompts = [.. new GoldenModel(name).Expected.GetProperty("prompts").EnumerateArray()];
        string[] inputs = [.. prompts.SelectMany(p => (string[])["--input-ids", Text(p.GetProperty("ids"))])];
        JsonElement[] starts = Rows(Tool.Call(["score", "--model", path, "--json", .. inputs]));
        JsonElement[] scores = Rows(Tool.Call(["score", "--model", path, "--json", "--batch-size", "3", .. inputs, .. prompts.SelectMany(p => (string[])["--decoder-input-ids", "0," + Text(p.GetProperty("greedy"))])]));
        JsonElement[] answers = Rows(Tool.Call(["generate", "--model", path, "--json", "--ignore-eos", "--max-new-tokens", "24", .. inputs]));
        Assert.Equal(prompts.Length, scores.Length);
        for (int i = 0; i < prompts.Length; i++)
        {
            AssertClose(prompts[i].GetProperty("last_logits"), GoldenModel.Floats(starts[i].GetProperty("last_logits")));
            JsonElement[] logs = [.. scores[i].GetProperty("logprobs").EnumerateArray()];
            Assert.Equal(JsonValueKind.Null, logs[0].ValueKind);
            AssertClose(prompts[i].GetProperty("logprobs"), [.. logs.Skip(1).Select(l => l.GetSingle())]);
            Assert.Equal(GoldenModel.Ints(prompts[i].GetProperty("ids")), GoldenModel.Ints(answers[i].GetProperty("input_ids")));
            Assert.Equal(GoldenModel.Ints(prompts[i].GetProperty("greedy")), GoldenModel.Ints(answers[i].GetProperty("output_ids")));
        }
        Assert.Contains("an input and an answer of 32768 each", Tool.Call("inspect", "--model", path).Out);
    }

    [Fact]
    public void The_decoders_tokens_are_for_models_with_an_encoder_and_one_for_each_input()
    {
        string t5 = SharedFixtures.Path("fixtures", "golden", "t5"), qwen = SharedFixtures.Path("fixtures", "golden", "qwen2_tied");
        Assert.Contains("which has no encoder", Refused("score", "--model", qwen, "--input-ids", "1", "--decoder-input-ids", "0"));
        Assert.Contains("is given 1 times for 2 inputs", Refused("score", "--model", t5, "--input-ids", "1", "--input-ids", "2", "--decoder-input-ids", "0"));
        Assert.Contains("Token id 256", Refused("score", "--model", t5, "--input-ids", "1", "--decoder-input-ids", "0,256"));
        Assert.Contains("more than the model's window of 32768", Refused("generate", "--model", t5, "--input-ids", "1", "--max-new-tokens", "2000000000"));
    }

    [Fact]
    public void A_run_can_be_trained_replayed_and_measured()
    {
        using TempFolder temp = new();
        string model = TextModel.Create(temp["model"], encoderDecoder: true);
        string[] train =
        [
            "train", "countdown", "--model", model, "--task-option", "prompt={numbers}={target}:", "--max-new-tokens", "8", "--population", "6", "--sigma", "0.2",
            "--train-problems", "8", "--prompts", "4", "--iterations", "3", "--eval-problems", "10", "--json",
        ];
        ToolResult one = Tool.Call([.. train, "--output", temp["one"], "--threads", "1"]), two = Tool.Call([.. train, "--output", temp["two"], "--threads", "2", "--batch-size", "3"]);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (one.Code, two.Code));
        string sha = one.Json.GetProperty("weights_sha256").GetString()!;
        Assert.Equal(sha, two.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(File.ReadAllBytes(Path.Combine(temp["one"], "journal.jsonl")), File.ReadAllBytes(Path.Combine(temp["two"], "journal.jsonl")));
        Assert.NotEqual(Sha(model), sha);
        Assert.Equal(sha, Sha(Path.Combine(temp["one"], "final")));
        ToolResult replayed = Tool.Call("replay", temp["one"], "--json", "--output", temp["rebuilt"]);
        Assert.Equal((ExitCode.Done, sha), (replayed.Code, replayed.Json.GetProperty("weights_sha256").GetString()));
    }

    private static string Sha(string model) => Tool.Call("inspect", "--model", model, "--json").Json.GetProperty("weights_sha256").GetString()!;

    private static string Refused(params string[] args)
    {
        ToolResult result = Tool.Call(args);
        Assert.Equal(ExitCode.BadInput, result.Code);
        return result.Sentence;
    }

    private static JsonElement[] Rows(ToolResult result)
    {
        Assert.Equal(ExitCode.Done, result.Code);
        return [.. result.Json.GetProperty("prompts").EnumerateArray()];
    }

    private static string Text(JsonElement ids) => string.Join(',', GoldenModel.Ints(ids));

    private static void AssertClose(JsonElement expected, float[] actual)
    {
        float[] wanted = GoldenModel.Floats(expected);
        Assert.Equal(wanted.Length, actual.Length);
        for (int i = 0; i < wanted.Length; i++) Assert.True(Math.Abs(wanted[i] - actual[i]) < 1e-4f, $"{i}: expected {wanted[i]}, got {actual[i]}");
    }
}
