using System.Text.Json;
using Evolute.Cli;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Runs that find σ and α themselves, and runs that a plateau ends, through the command line.</summary>
public class AutoTuningTests
{
    private static readonly TinyRun Auto = new() { Population = 8, Prompts = 16, Iterations = 6, EvalEvery = 2, Sigma = "auto:0.5", LearningRate = "auto" };

    [Theory]
    [InlineData(1, 3), InlineData(2, 0)]
    public void Threads_and_batch_size_do_not_matter(int threads, int batch)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(Auto.Train(temp["run"], "--threads", $"{threads}", "--batch-size", $"{batch}"));
        Assert.True(result.Code == ExitCode.Done, result.Error);
        RunBits.AssertStraight(Auto, temp["run"]);
        JournalEntry[] journal = [.. Journal.Read(Path.Combine(temp["run"], Journal.FileName))];
        ProbeEntry[] probes = [.. journal.OfType<ProbeEntry>()];
        Assert.Equal(0.5, probes[0].Probe.Sigma);
        Assert.InRange(probes.Length, 3, 10);
        Assert.Equal(1 + 8 * probes.Length, result.Json.GetProperty("probe_evaluations").GetInt32());
        IterationEntry first = journal.OfType<IterationEntry>().First();
        Assert.Equal(first.Sigma / 2, first.LearningRate);
        Assert.Contains("Calibration: σ begins at ", result.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, Tool.Call("replay", temp["run"]).Code);
    }

    /// <summary>The bundled model comes with a σ of 0.01.</summary>
    [Theory]
    [InlineData("auto", null, 0.01), InlineData("auto", 0.02, 0.02), InlineData("auto:0.5", 0.02, 0.5)]
    public void Auto_without_a_value_begins_with_that_of_the_next_place_that_has_one(string sigma, double? configured, double expected)
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["config.yaml"], configured is { } c ? FormattableString.Invariant($"sigma: {c}\n") : "seed: 7\n");
        ToolResult result = Tool.Call((Auto with { Iterations = 1, EvalEvery = 0, Sigma = sigma }).Train(temp["run"], "--config", temp["config.yaml"]));
        Assert.True(result.Code == ExitCode.Done, result.Error);
        Assert.Equal(expected, Journal.Read(Path.Combine(temp["run"], Journal.FileName)).OfType<ProbeEntry>().First().Probe.Sigma);
    }

    [Theory]
    [InlineData("probe σ "), InlineData(" 3/6 ")]
    public void An_interrupted_run_goes_on_to_the_same_bits(string at)
    {
        using TempFolder temp = new();
        using CancellationTokenSource interruption = new();
        using LineHook error = new(line => line.Contains(at, StringComparison.Ordinal), interruption.Cancel);
        Assert.Equal(ExitCode.Interrupted, Tool.CallWith("", error, interruption.Token, Auto.Train(temp["run"], "--threads", "1")).Code);
        ToolResult resumed = Tool.Call(TinyRun.Resume(temp["run"]));
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        RunBits.AssertStraight(Auto, temp["run"]);
    }

    [Fact]
    public void Runs_with_numbers_have_no_trace_of_tuning()
    {
        using TempFolder temp = new();
        Assert.Equal(ExitCode.Done, Tool.Call(new TinyRun().Train(temp["run"])).Code);
        string files = File.ReadAllText(Path.Combine(temp["run"], "journal.jsonl")) + File.ReadAllText(Path.Combine(temp["run"], "settings.json"));
        foreach (string word in (string[])["probe", "center", "changed", "auto-sigma", "auto-learning-rate", "stop-when"]) Assert.DoesNotContain(word, files, StringComparison.Ordinal);
        JsonElement line = JsonElement.Parse(File.ReadLines(Path.Combine(temp["run"], "timings.jsonl")).First());
        Assert.InRange(line.GetProperty("population").GetProperty("zero_variance_prompts").GetDouble(), 0, 1);
        Assert.True(line.GetProperty("population").GetProperty("parts").TryGetProperty("answer", out _));
        Assert.Equal(JsonValueKind.Array, line.GetProperty("diagnoses").ValueKind);
    }

    /// <summary>Steps that are too small to change an answer.</summary>
    [Fact]
    public void A_plateau_ends_a_run_and_a_resumed_one_says_so()
    {
        using TempFolder temp = new();
        TinyRun run = new() { Iterations = 9, EvalEvery = 1, Sigma = "0.001", LearningRate = "1e-9", More = "--stop-when plateau:2" };
        ToolResult ended = Tool.Call(run.Train(temp["run"]));
        Assert.True(ended.Code == ExitCode.Done, ended.Error);
        Assert.Equal((2, 0, true), (ended.Json.GetProperty("iterations").GetInt32(), ended.Json.GetProperty("chosen").GetInt32(), ended.Json.GetProperty("stopped_early").GetBoolean()));
        string journal = File.ReadAllText(Path.Combine(temp["run"], "journal.jsonl"));
        ToolResult resumed = Tool.Call(TinyRun.Resume(temp["run"]));
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        Assert.Contains("The run has ended: validation stood still for 2 evaluations up to iteration 2; the result is iteration 0.", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(journal, File.ReadAllText(Path.Combine(temp["run"], "journal.jsonl")));
    }

    [Theory]
    [InlineData("--sigma: 'autom' is not a number.", "--sigma", "autom")]
    [InlineData("--sigma: 'x' is not a number; write 0.01, auto or auto:0.01.", "--sigma", "auto:x")]
    [InlineData("--sigma must be above 0 and at most 1e6; it is -1.", "--sigma", "auto:-1")]
    [InlineData("--learning-rate: auto takes no starting value, since the learning rate follows σ; write auto, and a starting value at --sigma auto:X.", "--learning-rate", "auto:0.1")]
    [InlineData("--sigma auto sets σ at every iteration, so it cannot follow --sigma-schedule; leave one of the two out.", "--sigma", "auto", "--sigma-schedule", "linear")]
    [InlineData("--learning-rate auto sets the learning rate at every iteration, so it cannot follow --schedule or --warmup; leave one of the two out.", "--learning-rate", "auto", "--warmup", "2")]
    [InlineData("--stop-when: 'plateau' is not plateau:K with K from 1, or never; write plateau:3, say.", "--stop-when", "plateau")]
    [InlineData("--stop-when: 'plateau:0' is not plateau:K with K from 1, or never; write plateau:3, say.", "--stop-when", "plateau:0")]
    [InlineData("--stop-when looks at validation, so it needs --eval-every above 0.", "--stop-when", "plateau:2", "--eval-every", "0")]
    public void A_wrong_value_is_one_sentence(string sentence, params string[] flags)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(["train", "countdown", "--output", temp["run"], .. flags]);
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }
}
