using System.Text.Json;
using Evolute.Cli;

namespace Evolute.Tests.Cli;

/// <summary>Runs of tasks that make their problems, on datasets.</summary>
public sealed class MadeTaskResumeTests : IDisposable
{
    private static readonly string[] Small = ["--population", "4", "--prompts", "2", "--max-new-tokens", "6", "--sigma", "0.2"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_Countdown_run_goes_on_with_its_dataset_and_with_no_other()
    {
        string data = _temp["rows.jsonl"], run = _temp["run"], whole = _temp["whole"];
        File.WriteAllLines(data, Enumerable.Range(1, 60).Select(i => JsonSerializer.Serialize(new { nums = (int[])[i, 2, 3], target = i })));
        string[] train = ["train", "countdown", "--model", TextModel.Create(_temp["model"]), "--dataset", data, "--task-option", "prompt=compact", .. Small, "--output"];
        Assert.Equal(ExitCode.Done, Tool.Call([.. train, whole, "--iterations", "2"]).Code);
        ToolResult begun = Tool.Call([.. train, run, "--iterations", "1"]);
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "settings.json")));
        Assert.Equal(64, settings.RootElement.GetProperty("dataset-sha256").GetString()!.Length);
        Assert.InRange(settings.RootElement.GetProperty("evolution").GetProperty("train-problems").GetInt32(), 30, 59);
        string[] resume = ["train", "countdown", "--resume", "--output", run, "--iterations", "2"];
        ToolResult resumed = Tool.Call(resume);
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        Assert.Equal(Iterations(whole), Iterations(run));
        ToolResult replayed = Tool.Call("replay", run);
        Assert.True(replayed.Code == ExitCode.Done, replayed.Error);

        File.AppendAllText(data, """{"nums":[1,2],"target":3}""");
        Assert.StartsWith($"{data}: the dataset has changed since the run was begun: its SHA-256 is ", Tool.Call(resume).LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluations_ask_no_more_than_the_only_file_has()
    {
        string data = _temp["rows.jsonl"], run = _temp["run"];
        File.WriteAllLines(data, Enumerable.Range(1, 5).Select(i => JsonSerializer.Serialize(new { nums = (int[])[i, 2, 3], target = i })));
        ToolResult trained = Tool.Call(["train", "countdown", "--model", TextModel.Create(_temp["model"]), "--validation-dataset", data, "--task-option", "prompt=compact", .. Small, "--eval-every", "1", "--iterations", "1", "--output", run]);
        Assert.True(trained.Code == ExitCode.Done, trained.Error);
        Assert.Equal(5, JsonElement.Parse(File.ReadAllText(Path.Combine(run, "settings.json"))).GetProperty("eval-problems").GetInt32());
    }

    [Theory]
    [InlineData("countdown")]
    [InlineData("sudoku")]
    public void A_run_of_made_problems_does_not_change_over_to_a_dataset(string task)
    {
        string run = _temp["run"], data = _temp["rows.jsonl"];
        File.WriteAllText(data, """{"nums":[1,2],"target":3,"puzzle":"3100201300004020"}""");
        ToolResult begun = Tool.Call(["train", task, "--model", TextModel.Create(_temp["model"]), "--prompt-template", task == "sudoku" ? "{puzzle}" : "{numbers} {target}", "--train-problems", "4", "--eval-problems", "2", .. Small, "--iterations", "1", "--output", run]);
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        Assert.DoesNotContain("dataset", File.ReadAllText(Path.Combine(run, "settings.json")), StringComparison.Ordinal);
        ToolResult resumed = Tool.Call("train", task, "--resume", "--output", run, "--test-dataset", data);
        Assert.Equal((ExitCode.BadInput, "--test-dataset: the run was begun without one; leave it out, or begin a new run."), (resumed.Code, resumed.LastLine));
    }

    [Fact]
    public void Solutions_beside_ARC_challenges_belong_to_the_dataset()
    {
        string data = _temp["my_challenges.json"], solutions = _temp["my_solutions.json"], run = _temp["run"];
        File.WriteAllText(data, $$"""{{{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""
            "t{{i}}":{"train":[{"input":["{{i}}"],"output":["1"]}],"test":[{"input":["5"]}]}
            """))}}}""");
        File.WriteAllText(solutions, $$"""{{{string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"t{i}\":[[\"5\"]]"))}}}""");
        ToolResult begun = Tool.Call(["train", "arc", "--model", TextModel.Create(_temp["model"]), "--dataset", data, "--prompt-template", "{examples}{input}", .. Small, "--iterations", "1", "--output", run]);
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        File.WriteAllText(solutions, File.ReadAllText(solutions).Replace("[[\"5\"]]", "[[\"6\"]]", StringComparison.Ordinal));
        Assert.Contains("the dataset has changed since the run was begun", Tool.Call("train", "arc", "--resume", "--output", run, "--iterations", "2").LastLine, StringComparison.Ordinal);
    }

    private static string[] Iterations(string run) => [.. File.ReadLines(Path.Combine(run, "journal.jsonl")).Where(l => l.Contains("\"iteration\"", StringComparison.Ordinal) && l.Contains("coefficients", StringComparison.Ordinal))];
}
