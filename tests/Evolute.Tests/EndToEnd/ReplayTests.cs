using Evolute.Models;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Base model and journal give the run's weights again; checkpoints only save time.</summary>
public class ReplayTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private static readonly RunBits Bits = RunBits.OfStraight(FinishedRun.Settings);

    [Fact]
    public void It_prints_the_digest_also_without_checkpoints()
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]);
        ToolResult json = Tool.Run("replay", run, "--json");
        Assert.Equal((0, ""), (json.Code, json.Error));
        Assert.Equal((Bits.WeightsSha256, 3), (json.Json.GetProperty("weights_sha256").GetString(), json.Json.GetProperty("iterations").GetInt32()));
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        Directory.Delete(Path.Combine(run, "final"), recursive: true);
        ToolResult text = Tool.Call("replay", run);
        Assert.Equal((0, ""), (text.Code, text.Error));
        Assert.StartsWith(Bits.WeightsSha256 + "  ", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_writes_loads_and_has_the_digest()
    {
        using TempFolder temp = new();
        Assert.Equal(0, Tool.Call("replay", finished.Folder, "--output", temp["rebuilt"]).Code);
        Assert.Equal(Bits.WeightsSha256, Tool.Call("inspect", "--model", temp["rebuilt"], "--json").Json.GetProperty("weights_sha256").GetString());
        ToolResult eval = Tool.Call("eval", "countdown", "--model", temp["rebuilt"], "--eval-problems", "8", "--max-new-tokens", "24", "--json");
        var measured = Journal.Read(Path.Combine(finished.Folder, Journal.FileName)).OfType<EvaluationEntry>().Last().Result;
        Assert.Equal((measured.Accuracy, measured.Reward), (eval.Json.GetProperty("accuracy").GetDouble(), eval.Json.GetProperty("reward_mean").GetDouble()));
        IReadOnlyList<string> before = Folders.State(temp["rebuilt"]);
        ToolResult again = Tool.Call("replay", finished.Folder, "--output", temp["rebuilt"]);
        Assert.Equal((2, $"{temp["rebuilt"]}: --output exists already; choose another folder."), (again.Code, again.Sentence));
        Assert.Equal(before, Folders.State(temp["rebuilt"]));
    }

    [Fact]
    public void Where_an_earlier_iteration_was_chosen_its_weights_are_the_result()
    {
        using TempFolder temp = new();
        TinyRun run = new() { EvalEvery = 1, CheckpointEvery = 1 };
        Assert.Equal(0, Tool.Call(run.Train(temp["run"])).Code);
        string path = Path.Combine(temp["run"], Journal.FileName);
        // The same run, but for a validation that liked iteration 2 best.
        var entries = Journal.Read(path).TakeWhile(e => e is not FinalEntry and not EvaluationEntry { Result: { Split: "test", Iteration: > 0 } })
            .Select(e => e is EvaluationEntry { Result: { Split: "validation" } r } ? new EvaluationEntry(r with { Reward = r.Iteration == 2 ? 1 : 0 }) : e);
        File.WriteAllBytes(path, [.. entries.SelectMany(JournalLine.Format)]);
        ToolResult resumed = Tool.Call(TinyRun.Resume(temp["run"]));
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal((0, 3, 2), (resumed.Code, resumed.Json.GetProperty("iterations").GetInt32(), resumed.Json.GetProperty("chosen").GetInt32()));
        string expected = RunBits.OfStraight(run with { Iterations = 2, EvalEvery = 0 }).WeightsSha256;
        Assert.Equal(expected, resumed.Json.GetProperty("weights_sha256").GetString());
        ToolResult replay = Tool.Call("replay", temp["run"], "--json");
        Assert.Equal((0, expected, 2), (replay.Code, replay.Json.GetProperty("weights_sha256").GetString(), replay.Json.GetProperty("iterations").GetInt32()));
    }

    [Fact]
    public void Another_base_model_is_refused()
    {
        using TempFolder temp = new();
        Folders.Copy(BundledModel.Locate(), temp["model"]);
        string weights = Path.Combine(temp["model"], "model.safetensors");
        // The lowest bit of the last weight.
        Folders.FlipBit(weights, new FileInfo(weights).Length - 2);
        IReadOnlyList<string> before = Folders.State(finished.Folder);
        foreach (string[] args in (string[][])[["replay", finished.Folder, "--model", temp["model"]], TinyRun.Resume(finished.Folder, "--model", temp["model"])])
        {
            ToolResult result = Tool.Call(args);
            Assert.Equal((2, ""), (result.Code, result.Out));
            Assert.Contains("these are not the run's base weights", result.Sentence, StringComparison.Ordinal);
        }
        Assert.Equal(before, Folders.State(finished.Folder));
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("config.json")]
    public void Another_tokenizer_or_config_is_refused_where_it_matters(string file)
    {
        using TempFolder temp = new();
        Folders.Copy(BundledModel.Locate(), temp["model"]);
        File.AppendAllText(Path.Combine(temp["model"], file), "\n");
        ToolResult resumed = Tool.Call(TinyRun.Resume(finished.Folder, "--model", temp["model"]));
        Assert.Equal((2, ""), (resumed.Code, resumed.Out));
        Assert.Contains("has changed since the run was begun", resumed.Sentence, StringComparison.Ordinal);
        // The weights come from weights and seeds alone.
        Assert.Equal(Bits.WeightsSha256, Tool.Call("replay", finished.Folder, "--model", temp["model"], "--json").Json.GetProperty("weights_sha256").GetString());
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData(CheckpointManifest.FileName)]
    public void Damaged_checkpoints_are_passed_over(string file)
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]);
        foreach (string checkpoint in Directory.GetDirectories(Path.Combine(run, "checkpoints")))
        {
            string path = Path.Combine(checkpoint, file);
            Folders.FlipBit(path, new FileInfo(path).Length / 2);
        }
        ToolResult result = Tool.Call(TinyRun.Resume(run, "--iterations", "4"));
        Assert.True(result.Code == 0, result.Error);
        RunBits.AssertStraight(FinishedRun.Settings with { Iterations = 4 }, run);
    }

    [Fact]
    public void A_whole_checkpoint_with_other_weights_than_the_journals_is_passed_over()
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]), checkpoints = Path.Combine(run, "checkpoints");
        Directory.Delete(Path.Combine(checkpoints, "000003"), recursive: true);
        Directory.Move(Path.Combine(checkpoints, "000002"), Path.Combine(checkpoints, "000003"));
        Assert.Equal(0, Tool.Call(TinyRun.Resume(run, "--iterations", "4")).Code);
        RunBits.AssertStraight(FinishedRun.Settings with { Iterations = 4 }, run);
    }

    [Fact]
    public void A_journal_that_does_not_give_its_checksums_is_refused()
    {
        using TempFolder temp = new();
        string path = Path.Combine(finished.CopyTo(temp["run"]), Journal.FileName);
        var entries = Journal.Read(path).Select(e => e is IterationEntry { Iteration: 2 } i ? i with { Seed = i.Seed + 1 } : e);
        File.WriteAllBytes(path, [.. entries.SelectMany(JournalLine.Format)]);
        ToolResult result = Tool.Call("replay", temp["run"], "--output", temp["rebuilt"]);
        Assert.Equal((1, ""), (result.Code, result.Out));
        Assert.StartsWith($"{path}: iteration 2 gives weights with checksum ", result.Sentence, StringComparison.Ordinal);
        Assert.False(Path.Exists(temp["rebuilt"]));
    }
}
