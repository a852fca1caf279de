using System.Text;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>A run's folder that is torn, damaged, no run at all, or in use.</summary>
public class BadRunFolderTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    [Fact]
    public void A_torn_last_line_is_dropped_with_a_note_and_done_again()
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]), path = Path.Combine(run, Journal.FileName);
        string[] lines = File.ReadAllLines(path);
        int iteration = Array.FindIndex(lines, l => l.Contains("\"kind\":\"iteration\",\"iteration\":3", StringComparison.Ordinal));
        File.WriteAllText(path, string.Concat(lines[..iteration].Select(l => l + "\n")) + lines[iteration][..^9]);
        ToolResult result = Tool.Call(TinyRun.Resume(run));
        Assert.True(result.Code == 0, result.Error);
        int bytes = Encoding.UTF8.GetByteCount(lines[iteration]) - 9;
        Assert.Contains($"The journal's last line was torn ({bytes} bytes) and is dropped; its iteration is done again.\n", result.Error, StringComparison.Ordinal);
        RunBits.AssertStraight(FinishedRun.Settings, run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_damaged_line_is_refused_by_its_number(int line)
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]), path = Path.Combine(run, Journal.FileName);
        Folders.FlipBit(path, File.ReadLines(path).Take(line - 1).Sum(l => Encoding.UTF8.GetByteCount(l) + 1) + 40);
        IReadOnlyList<string> before = Folders.State(run);
        foreach (string[] args in (string[][])[TinyRun.Resume(run, "--iterations", "5"), ["replay", run, "--output", temp["rebuilt"]]])
        {
            ToolResult result = Tool.Call(args);
            Assert.Equal((1, ""), (result.Code, result.Out));
            Assert.StartsWith($"{path}, line {line}: the line is damaged", result.Sentence, StringComparison.Ordinal);
        }
        Assert.Equal(before, Folders.State(run));
        Assert.False(Path.Exists(temp["rebuilt"]));
    }

    [Theory]
    [InlineData("settings.json", "{")]
    [InlineData("settings.json", "{}")]
    [InlineData("settings.json", "{\"model\":\"m\",\"task\":\"countdown\",\"sigma\":1}")]
    public void Damaged_settings_are_named(string file, string content)
    {
        using TempFolder temp = new();
        string run = finished.CopyTo(temp["run"]), path = Path.Combine(run, file);
        File.WriteAllText(path, content);
        ToolResult result = Tool.Call(TinyRun.Resume(run));
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.StartsWith($"{path}: ", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_named_and_left_as_it_is()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["note"], "mine");
        IReadOnlyList<string> before = Folders.State(temp.Path);
        foreach (string folder in (string[])[temp.Path, temp["nowhere"]])
        {
            ToolResult result = Tool.Call(TinyRun.Resume(folder));
            Assert.Equal((2, $"{folder}: there is no settings.json; give the folder of a run."), (result.Code, result.Sentence));
        }
        Assert.Equal(before, Folders.State(temp.Path));
    }

    [Fact]
    public void A_second_process_on_a_run_exits_with_2_and_the_first_goes_on()
    {
        using TempFolder temp = new();
        TinyRun run = new() { Iterations = 8 };
        using ToolProcess first = new(run.Train(temp["run"]));
        Assert.True(first.WaitForLine(line => line.StartsWith("Run folder", StringComparison.Ordinal)));
        ToolResult second = Tool.Call(TinyRun.Resume(temp["run"]));
        // Whoever is quick may see the first one's end; the lock is what is tested where it is still at work.
        if (second.Code != 0) Assert.Equal((2, $"{temp["run"]}: another process works in this run's folder; wait for it, or give another --output."), (second.Code, second.Sentence));
        ToolResult result = first.Result();
        Assert.True(result.Code == 0, result.Error);
        RunBits.AssertStraight(run, temp["run"]);
    }

    [Fact]
    public void Runs_that_begin_at_once_without_a_name_get_numbers_of_their_own()
    {
        using TempFolder temp = new();
        string[] args = new TinyRun { Iterations = 1, EvalProblems = 1 }.Train("-");
        args = [.. args.Where(a => a is not "--output" and not "-")];
        using ToolProcess a = ToolProcess.In(temp.Path, args), b = ToolProcess.In(temp.Path, args);
        ToolResult[] results = [a.Result(), b.Result()];
        Assert.All(results, r => Assert.True(r.Code == 0, r.Error));
        Assert.Equal([temp["runs/countdown-1"], temp["runs/countdown-2"]], Directory.EnumerateFileSystemEntries(temp["runs"]).Order(StringComparer.Ordinal));
    }
}
