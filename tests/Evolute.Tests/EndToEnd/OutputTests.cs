using System.Text.Json;
using Evolute.Models;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>What a training says and leaves: results on standard output, progress on standard error, the base model untouched.</summary>
public class OutputTests
{
    [Fact]
    public void Train_writes_one_json_object_and_leaves_the_model_as_it_was()
    {
        using TempFolder temp = new();
        Folders.Copy(BundledModel.Locate(), temp["model"]);
        IReadOnlyList<string> before = Folders.State(temp["model"]);
        TinyRun run = new() { EvalEvery = 2, CheckpointEvery = 1 };
        ToolResult result = Tool.Run(run.Train(temp["run"], "--model", temp["model"]));
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(before, Folders.State(temp["model"]));

        Assert.Equal(1, result.Out.Count(c => c == '\n'));
        Assert.Equal(["run", "iterations", "chosen", "base", "final", "weights_sha256", "stopped_early", "probe_evaluations"], result.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal((temp["run"], 3), (result.Json.GetProperty("run").GetString(), result.Json.GetProperty("iterations").GetInt32()));
        Assert.Equal(RunBits.OfStraight(run).WeightsSha256, result.Json.GetProperty("weights_sha256").GetString());
        foreach (string name in (string[])["base", "final"]) AssertEvaluation(result.Json.GetProperty(name), "test", 8);
        Assert.Contains("Run folder: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("    3/3 ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_without_json_writes_its_summary_to_standard_output()
    {
        using TempFolder temp = new();
        TinyRun run = new();
        ToolResult result = Tool.Call([.. run.Train(temp["run"]).Where(a => a != "--json")]);
        Assert.True(result.Code == 0, result.Error);
        Assert.Contains($"sha256 {RunBits.OfStraight(run).WeightsSha256}\n", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Run folder", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("validation")]
    [InlineData("train")]
    public void Eval_writes_one_json_object(string split)
    {
        ToolResult result = Tool.Call("eval", "countdown", "--split", split, "--eval-problems", "8", "--max-new-tokens", "24", "--show", "1", "--json");
        Assert.Equal(0, result.Code);
        Assert.Equal(1, result.Out.Count(c => c == '\n'));
        Assert.Equal("countdown", result.Json.GetProperty("task").GetString());
        AssertEvaluation(result.Json, split, 8);
        Assert.StartsWith("--- ", result.Error, StringComparison.Ordinal);
    }

    private static void AssertEvaluation(JsonElement json, string split, int count)
    {
        Assert.Equal((split, count), (json.GetProperty("split").GetString(), json.GetProperty("n").GetInt32()));
        Assert.InRange(json.GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.InRange(json.GetProperty("reward_mean").GetDouble(), 0, 1.1);
        Assert.Equal(["answer", "format"], json.GetProperty("parts").EnumerateObject().Select(p => p.Name));
    }
}
