using Evolute.Models;
using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>
/// A disk that fills up, wherever a run writes: one sentence, exit code 1, everything written before stays whole, and with space again the run goes on to
/// the bits of one that nothing disturbed.
/// </summary>
public class FullDiskTests
{
    private const string Test = "      test ", Full = "the disk is full; free space there and ";

    private static readonly TinyRun Run = new() { Iterations = 4, EvalEvery = 2, CheckpointEvery = 1 };

    [Theory]
    [InlineData("samples/000000.jsonl", "Run folder", 1)]
    [InlineData("checkpoints/000003", "    3/4 ", 1)]
    [InlineData("samples/000002.jsonl", "    2/4 ", 1)]
    public void A_file_that_does_not_fit(string file, string line, int nth) => FillAndGoOn(Run, file, line, nth, leave: 0);

    [Fact]
    public void A_picture_that_does_not_fit() => FillAndGoOn(Run with { EvalEvery = 0 }, "curves.png", Test, 2, leave: 0);

    /// <summary>The picture, which is smaller than the model, fits and then the model does not.</summary>
    [Fact]
    public void A_result_that_does_not_fit()
    {
        long model = new FileInfo(Path.Combine(BundledModel.Locate(), "model.safetensors")).Length;
        FillAndGoOn(Run with { EvalEvery = 0 }, "final", Test, 2, leave: model);
    }

    /// <summary>So large a population that each of its lines in the journal takes a page of its own.</summary>
    [Fact]
    public void A_line_of_the_journal_that_does_not_fit() =>
        FillAndGoOn(new TinyRun { Population = 200, Prompts = 1, Iterations = 2 }, "journal.jsonl", Test, 1, leave: 0);

    [Fact]
    public void A_line_of_timings_that_does_not_fit()
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        TinyRun run = new() { Iterations = 2 };
        Assert.Equal(0, Tool.Call((run with { Iterations = 1 }).Train(disk["run"])).Code);
        // The next line begins a page.
        string timings = Path.Combine(disk["run"], "timings.jsonl");
        File.AppendAllText(timings, new string(' ', 4096 - 1 - (int)new FileInfo(timings).Length) + "\n");
        ToolResult result = LineHook.Call("Run folder", 1, () => disk.Fill(), TinyRun.Resume(disk["run"], "--iterations", "2"));
        AssertFull(result, timings);
        Assert.Equal(4096, new FileInfo(timings).Length);
        GoOn(disk, run);
    }

    [Fact]
    public void Settings_that_do_not_fit()
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        TinyRun run = new() { Iterations = 2 };
        Assert.Equal(0, Tool.Call((run with { Iterations = 1 }).Train(disk["run"])).Code);
        disk.Fill();
        IReadOnlyList<string> before = Folders.State(disk.Path);
        ToolResult result = Tool.Call(TinyRun.Resume(disk["run"], "--iterations", "2"));
        AssertFull(result, Path.Combine(disk["run"], "settings.json"));
        Assert.Equal(before, Folders.State(disk.Path));
        GoOn(disk, run, "--iterations", "2");
    }

    [Fact]
    public void A_run_whose_folder_does_not_fit_leaves_none()
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        disk.Fill();
        ToolResult result = Tool.Call(Run.Train(disk["run"]));
        AssertFull(result, disk["run"]);
        Assert.Equal([disk["filler"]], Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public void A_read_only_disk_is_bad_input_that_is_left_as_it_is()
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        TinyRun run = new() { Iterations = 1 };
        Assert.Equal(0, Tool.Call(run.Train(disk["run"])).Code);
        disk.MakeReadOnly();
        IReadOnlyList<string> before = Folders.State(disk.Path);
        foreach (string[] args in (string[][])[run.Train(disk["other"]), TinyRun.Resume(disk["run"])])
        {
            ToolResult result = Tool.Call(args);
            Assert.Equal((2, ""), (result.Code, result.Out));
            Assert.Contains("cannot be written", result.Sentence, StringComparison.Ordinal);
        }
        Assert.Equal(0, Tool.Call("replay", disk["run"]).Code);
        Assert.Equal(before, Folders.State(disk.Path));
    }

    /// <summary>Minutes; run by name: <c>dotnet test -c Release -- --explicit only --filter-method "*Every_amount_of_space*"</c>.</summary>
    [Fact(Explicit = true)]
    public void Every_amount_of_space_that_is_too_little_fails_cleanly()
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        SortedDictionary<string, int> failed = new(StringComparer.Ordinal);
        for (int pages = 0; ; pages++)
        {
            disk.Fill((long)pages * SmallDisk.Page);
            ToolResult result = Tool.Call(Run.Train(disk["run"]));
            if (result.Code == 0) break;
            AssertFull(result, disk["run"]);
            string file = Path.GetRelativePath(disk.Path, result.LastLine.Split(": ")[0]);
            failed[file] = failed.GetValueOrDefault(file) + 1;
            if (Directory.Exists(disk["run"])) AssertWhole(disk, Run);
            disk.Free();
            ToolResult again = Tool.Call(Directory.Exists(disk["run"]) ? TinyRun.Resume(disk["run"]) : Run.Train(disk["run"]));
            Assert.True(again.Code == 0, again.Error);
            RunBits.AssertStraight(Run, disk["run"]);
            Directory.Delete(disk["run"], recursive: true);
        }
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n", failed.Select(f => $"{f.Key} {f.Value} times")));
    }

    private static void FillAndGoOn(TinyRun run, string file, string line, int nth, long leave)
    {
        using TempFolder temp = new();
        using SmallDisk disk = SmallDisk.Mount(temp["disk"]);
        ToolResult result = LineHook.Call(line, nth, () => disk.Fill(leave), run.Train(disk["run"]));
        AssertFull(result, Path.Combine(disk["run"], file));
        AssertWhole(disk, run);
        GoOn(disk, run);
    }

    /// <summary>What was written before is whole, and nothing half-written lies beside it.</summary>
    private static void AssertWhole(SmallDisk disk, TinyRun run)
    {
        string journal = File.ReadAllText(Path.Combine(disk["run"], Journal.FileName)), checkpoints = Path.Combine(disk["run"], "checkpoints");
        if (journal.Length > 0) Assert.EndsWith("\n", journal, StringComparison.Ordinal);
        Assert.StartsWith(journal, RunBits.OfStraight(run).Journal, StringComparison.Ordinal);
        if (Directory.Exists(checkpoints)) Assert.All(Directory.GetDirectories(checkpoints), checkpoint => CheckpointValidity.Check(checkpoint));
        Assert.DoesNotContain(Folders.State(disk.Path), entry => entry.Contains(DurableFile.PartialSuffix, StringComparison.Ordinal));
    }

    private static void AssertFull(ToolResult result, string path)
    {
        Assert.Equal((1, ""), (result.Code, result.Out));
        Assert.StartsWith(path, result.LastLine, StringComparison.Ordinal);
        Assert.Contains(Full, result.LastLine, StringComparison.Ordinal);
    }

    private static void GoOn(SmallDisk disk, TinyRun run, params string[] flags)
    {
        disk.Free();
        ToolResult result = Tool.Call(TinyRun.Resume(disk["run"], flags));
        Assert.True(result.Code == 0, result.Error);
        RunBits.AssertStraight(run, disk["run"]);
    }
}
