using System.Diagnostics;
using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.Cli;
using Evolute.Tests.Rewards;

namespace Evolute.Tests.EndToEnd;

/// <summary>Runs, evaluations and rows with rewards of the user's own, through the command line.</summary>
public class RewardRunTests
{
    private static readonly TinyRun Tiny = new();

    [Theory]
    [InlineData("python3", "python3", "score.py")]
    [InlineData("bash", "bash", "score.sh")]
    [InlineData("node", "node", "score.mjs")]
    [InlineData(null, "", "Brief.cs")]
    public void The_example_of_every_language_trains_to_the_same_bits_whatever_the_threads(string? interpreter, string command, string file)
    {
        Assert.SkipUnless(RepositoryFolder.Root is not null, "The examples are in the checkout.");
        Assert.SkipUnless(interpreter is null || IsThere(interpreter), $"There is no {interpreter} here.");
        string reward = $"{command} {Path.Combine(RepositoryFolder.Root!, "samples", "rewards", file)}".Trim();
        using TempFolder temp = new();
        ToolResult one = Tool.Run(Tiny.Train(temp["one"], "--reward", reward, "--threads", "1")), two = Tool.Run(Tiny.Train(temp["two"], "--reward", reward, "--threads", "2", "--batch-size", "3"));
        Assert.Equal((ExitCode.Done, ExitCode.Done), (one.Code, two.Code));
        Assert.Equal(one.Json.GetProperty("weights_sha256").GetString(), two.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(File.ReadAllBytes(Path.Combine(temp["one"], "journal.jsonl")), File.ReadAllBytes(Path.Combine(temp["two"], "journal.jsonl")));
    }

    [Fact]
    public void Rewards_are_added_up_in_training_in_evaluations_and_over_rows()
    {
        using Scorer scorer = new();
        using TempFolder temp = new();
        ToolResult run = Tool.Run(Tiny.Train(temp["run"], "--reward", "task", "--reward", $"0.01*{scorer.Command}"));
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement iteration = File.ReadLines(Path.Combine(temp["run"], "journal.jsonl")).Select(l => JsonElement.Parse(l)).First(l => l.GetProperty("kind").GetString() == "iteration");
        double[] rewards = Numbers(iteration.GetProperty("rewards")), lengths = Numbers(iteration.GetProperty("parts").GetProperty("scorer")), format = Numbers(iteration.GetProperty("parts").GetProperty("format")),
            answer = Numbers(iteration.GetProperty("parts").GetProperty("answer"));
        for (int n = 0; n < rewards.Length; n++) Assert.Equal(0.1 * format[n] + answer[n] + 0.01 * lengths[n], rewards[n], 9);
        scorer.AssertGone();
        ToolResult eval = Tool.Run("eval", "countdown", "--eval-problems", "8", "--max-new-tokens", "24", "--reward", scorer.Command, "--json");
        Assert.InRange(eval.Json.GetProperty("reward_mean").GetDouble(), 10, 100);
        ToolResult rows = Tool.RunWith(Tool.NoVariables, """{"response":"twelve chars","numbers":[1],"target":7}""", "reward", "countdown", "--input", "-", "--reward", scorer.Command);
        Assert.Equal("""{"reward":12,"parts":{}}""", rows.Out.TrimEnd('\n'));
    }

    [Fact]
    public void A_failure_ends_the_run_by_name_or_is_left_out_and_written_down()
    {
        using TempFolder temp = new();
        string script = Path.Combine(temp.Path, "fussy.sh");
        // Fails on the answers to some problems, by their text.
        File.WriteAllText(script, "while IFS= read -r line; do id=${line#*\\\"id\\\":}; id=${id%%,*}; case $line in *'Numbers: 1'*) echo fussy >&2; exit 9;; esac; echo \"{\\\"id\\\":$id,\\\"reward\\\":$((id % 7))}\"; done\n");
        ToolResult stopped = Tool.Run(Tiny.Train(temp["stopped"], "--reward", $"sh {script}"));
        Assert.Equal(ExitCode.Failed, stopped.Code);
        Assert.StartsWith("Reward fussy, ", stopped.LastLine);
        Assert.EndsWith("ended with exit code 9; it wrote: fussy. Mend it, or say by --reward-policy what such a response counts as.", stopped.LastLine);
        ToolResult skipped = Tool.Run(Tiny.Train(temp["skipped"], "--reward", $"sh {script}", "--reward-policy", "skip"));
        Assert.Equal(ExitCode.Done, skipped.Code);
        Assert.Contains("ended with exit code 9; it wrote: fussy", File.ReadAllText(Path.Combine(temp["skipped"], "rewards.log")));
    }

    [Fact]
    public void Code_that_does_not_compile_is_told_by_line()
    {
        using TempFolder temp = new();
        string file = Path.Combine(temp.Path, "Bad.cs");
        File.WriteAllText(file, "public class Bad : IReward\n{\n    int x = \"text\";\n}\n");
        ToolResult result = Tool.Call("reward", "countdown", "--input", "-", "--reward", file);
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.StartsWith($"--reward: {file} does not compile: line ", result.Sentence);
        Assert.Contains("line 3: Cannot implicitly convert type 'string' to 'int'", result.Sentence);
        Assert.Equal("--reward-policy must be fail, skip or a number, not 'maybe'.", Tool.Call("reward", "countdown", "--input", "-", "--reward", "task", "--reward-policy", "maybe").Sentence);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];

    private static bool IsThere(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"command -v {program} && {program} --version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
