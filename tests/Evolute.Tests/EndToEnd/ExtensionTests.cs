using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A run that is given more iterations ends at the bits of a run that was given them at once; nothing else about it can change.</summary>
public class ExtensionTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void More_iterations_give_the_bits_of_a_straight_run(int evalEvery, int checkpointEvery)
    {
        using TempFolder temp = new();
        TinyRun straight = new() { Iterations = 4, EvalEvery = evalEvery, CheckpointEvery = checkpointEvery };
        Assert.Equal(0, Tool.Call((straight with { Iterations = 2 }).Train(temp["run"])).Code);
        ToolResult result = Tool.Call(TinyRun.Resume(temp["run"], "--iterations", "4"));
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(4, result.Json.GetProperty("iterations").GetInt32());
        RunBits.AssertStraight(straight, temp["run"]);
    }

    [Fact]
    public void A_finished_run_that_goes_on_says_the_same_again_and_changes_nothing()
    {
        using TempFolder temp = new();
        TinyRun run = new() { EvalEvery = 2 };
        ToolResult first = Tool.Call(run.Train(temp["run"]));
        ToolResult again = Tool.Call(TinyRun.Resume(temp["run"]));
        Assert.Equal((0, first.Out), (again.Code, again.Out));
        RunBits.AssertStraight(run, temp["run"]);
    }

    [Theory]
    [InlineData("--sigma: the run was begun with 0.03, not 0.2; ", "--sigma", "0.2")]
    [InlineData("--learning-rate: the run was begun with 0.01, not 0.04; ", "--learning-rate", "0.04")]
    [InlineData("--population: the run was begun with 4, not 6; ", "--population", "6")]
    [InlineData("--prompts: the run was begun with 4, not 5; ", "--prompts", "5")]
    [InlineData("--seed: the run was begun with 7, not 8; ", "--seed", "8")]
    [InlineData("--temperature: the run was begun with 0, not 0.5; ", "--temperature", "0.5")]
    [InlineData("--max-new-tokens: the run was begun with 24, not 23; ", "--max-new-tokens", "23")]
    [InlineData("--stop-loops: the run was begun with 0, not 4; ", "--stop-loops", "4")]
    [InlineData("--eval-every: the run was begun with 0, not 1; ", "--eval-every", "1")]
    [InlineData("--eval-problems: the run was begun with 8, not 9; ", "--eval-problems", "9")]
    [InlineData("--schedule: the run was begun with constant, not linear; ", "--schedule", "linear")]
    [InlineData("--task-option max-number: the run was begun with ", "--task-option", "max-number=7")]
    [InlineData("--iterations: the run was begun with 3, and 2 is less; leave it out, or give more.", "--iterations", "2")]
    public void Nothing_else_may_change(string sentence, params string[] flags)
    {
        ToolResult result = Tool.Call(TinyRun.Resume(finished.Folder, flags));
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.StartsWith(sentence, result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_that_say_the_same_and_those_of_the_machine_are_no_change()
    {
        ToolResult result = Tool.Call(TinyRun.Resume(finished.Folder, "--sigma", "0.03", "--threads", "1", "--batch-size", "3", "--speculate", "on", "--iterations", "3"));
        Assert.True(result.Code == 0, result.Error);
        RunBits.AssertStraight(FinishedRun.Settings, finished.Folder);
    }

    [Fact]
    public void A_schedule_fixes_the_number_of_iterations()
    {
        using TempFolder temp = new();
        Assert.Equal(0, Tool.Call([.. new TinyRun { Iterations = 1 }.Train(temp["run"]).Select(a => a == "constant" ? "cosine" : a)]).Code);
        ToolResult result = Tool.Call(TinyRun.Resume(temp["run"], "--iterations", "2"));
        Assert.Equal(2, result.Code);
        Assert.StartsWith("--iterations: the run's learning rate follows a schedule over its 1 iterations", result.Sentence, StringComparison.Ordinal);
    }
}
