using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.EndToEnd;

namespace Evolute.Tests.Cli;

/// <summary>Reports of runs: page, pictures, table and samples.</summary>
public sealed class ReportVerbTests(FinishedRun run) : IClassFixture<FinishedRun>, IDisposable
{
    private readonly TempFolder _temp = new();

    [Fact]
    public void Two_runs_are_shown_with_what_differs_and_nothing_from_the_network()
    {
        string other = run.CopyTo(_temp["other"]);
        string settings = Path.Combine(other, "settings.json");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("\"seed\": 7", "\"seed\": 8", StringComparison.Ordinal));
        // A run without timings has curves by iteration and evaluations.
        File.Delete(Path.Combine(other, "timings.jsonl"));
        ToolResult result = Tool.Call("report", run.Folder, other, "--output", _temp["report"], "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        JsonElement[] runs = [.. result.Json.GetProperty("runs").EnumerateArray()];
        Assert.Equal([3, 3], runs.Select(r => r.GetProperty("iterations").GetInt32()));
        Assert.Equal(3 * 4 * 4, runs[0].GetProperty("evaluations").GetInt64());
        Assert.True(runs[0].GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, runs[1].GetProperty("seconds").ValueKind);
        Assert.InRange(runs[0].GetProperty("final").GetProperty("accuracy").GetDouble(), 0, 1);
        JsonElement difference = Assert.Single(result.Json.GetProperty("differences").EnumerateArray());
        Assert.Equal(("evolution.seed", "7", "8"), (difference.GetProperty("name").GetString(), difference.GetProperty("values")[0].GetString(), difference.GetProperty("values")[1].GetString()));

        string[] files = [.. result.Json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        Assert.All(files, f => Assert.True(new FileInfo(f).Length > 1000, f));
        Assert.Contains(Path.Combine(_temp["report"], "reward-iteration.png"), files);
        Assert.Contains(Path.Combine(_temp["report"], "reward-seconds.png"), files);
        Assert.Contains(Path.Combine(_temp["report"], "accuracy-evaluations.png"), files);
        string page = File.ReadAllText(files[0]);
        Assert.Equal(files.Length - 1, page.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public void What_a_model_wrote_is_escaped_on_the_page_and_in_the_terminal()
    {
        string folder = run.CopyTo(_temp["run"]);
        string samples = Directory.GetFiles(Path.Combine(folder, "samples")).Order(StringComparer.Ordinal).First();
        string[] rows = File.ReadAllLines(samples);
        rows[0] = """{"id":"<b>x</b>","prompt":"p","response":"<script>alert(1)</script>\u001b[31m\u0007\nend","finish_reason":"stop","tokens":5,"reward":0.25,"parts":{"answer":0},"columns":{}}""";
        File.WriteAllLines(samples, rows);
        Assert.Equal(ExitCode.Done, Tool.Call("report", folder).Code);
        string page = File.ReadAllText(Path.Combine(folder, "report", "report.html"));
        Assert.DoesNotContain("<script>", page);
        Assert.DoesNotContain("<b>x", page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page);
        Assert.DoesNotContain('\u001b', page);

        ToolResult table = Tool.Call("report", folder, "--samples");
        Assert.Equal((ExitCode.Done, ""), (table.Code, table.Error));
        Assert.Contains("<script>alert(1)</script>\uFFFD[31m\uFFFD⏎end", table.Out);
        Assert.DoesNotContain('\u001b', table.Out);
        Assert.Contains("answer 0", table.Out);
    }

    [Fact]
    public void Samples_follow_the_same_prompts_over_the_iterations()
    {
        JsonElement[] samples = [.. Tool.Call("report", run.Folder, "--samples", "--json").Json.GetProperty("runs")[0].GetProperty("samples").EnumerateArray()];
        Assert.Equal(16, samples.Length);
        Assert.Equal(["test-0", "test-0", "test-1", "test-1"], samples.Take(4).Select(s => s.GetProperty("id").GetString()));
        Assert.Equal([0, 3, 0, 3], samples.Take(4).Select(s => s.GetProperty("iteration").GetInt32()));
        Assert.False(Directory.Exists(Path.Combine(run.Folder, "report")));
    }

    [Fact]
    public void A_run_that_is_not_finished_is_reported_as_far_as_it_went()
    {
        string folder = run.CopyTo(_temp["half"]);
        string journal = Path.Combine(folder, "journal.jsonl");
        string[] lines = File.ReadAllLines(journal);
        // The last whole line is torn, as by a crash.
        File.WriteAllText(journal, string.Join('\n', lines.Take(4)) + "\n" + lines[4][..20]);
        File.WriteAllText(Path.Combine(folder, "timings.jsonl"), "{\"iteration\":1,\"seconds\":2}\nnot json\n{\"iteration\":2,\"sec");
        JsonElement reported = Tool.Call("report", folder, "--json").Json.GetProperty("runs")[0];
        Assert.False(reported.GetProperty("finished").GetBoolean());
        Assert.Equal(2, reported.GetProperty("iterations").GetInt32());
        Assert.Equal(2, reported.GetProperty("points")[1].GetProperty("seconds").GetDouble());
        Assert.Equal(JsonValueKind.Null, reported.GetProperty("points")[2].GetProperty("seconds").ValueKind);
    }

    [Fact]
    public void What_is_no_run_or_a_damaged_one_is_one_sentence()
    {
        Assert.Equal((ExitCode.BadInput, "'evolute report' wants a RUN: folders of runs."), Sentence("report"));
        Assert.Equal((ExitCode.BadInput, "no/where: there is no such folder; give the folder of a run."), Sentence("report", "no/where"));
        Directory.CreateDirectory(_temp["empty"]);
        Assert.Equal((ExitCode.BadInput, $"{_temp["empty"]}: there is no settings.json; give the folder of a run."), Sentence("report", _temp["empty"]));
        string damaged = run.CopyTo(_temp["damaged"]);
        Folders.FlipBit(Path.Combine(damaged, "journal.jsonl"), 40);
        (int code, string sentence) = Sentence("report", damaged);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("journal.jsonl, line 1", sentence);
        string samples = run.CopyTo(_temp["samples"]), file = Directory.GetFiles(Path.Combine(samples, "samples")).Order(StringComparer.Ordinal).First();
        File.WriteAllText(file, "{\"id\":1}\n");
        Assert.Equal((ExitCode.BadInput, $"{file}, row 1 is not a sample of a run; remove the file, or restore it from a copy."), Sentence("report", samples, "--samples"));
    }

    public void Dispose() => _temp.Dispose();

    private static (int Code, string Sentence) Sentence(params string[] args)
    {
        ToolResult result = Tool.Call(args);
        return (result.Code, result.Sentence);
    }
}
