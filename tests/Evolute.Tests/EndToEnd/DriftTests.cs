using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>The distance from the base that a run may measure as it goes.</summary>
public sealed class DriftTests : IDisposable
{
    private static readonly TinyRun Plain = new() { Iterations = 4 };

    private readonly TempFolder _temp = new();

    [Fact]
    public void Drift_is_measured_beside_the_journal_and_resumes_to_the_same_bytes()
    {
        ToolResult straight = Tool.Call(Plain.Train(_temp["run"], "--drift-every", "2", "--threads", "1"));
        Assert.Equal(ExitCode.Done, straight.Code);
        Assert.Contains("drift KL to the base ", straight.Error);
        // Nothing of the run depends on it.
        RunBits.AssertStraight(Plain, _temp["run"]);
        JsonElement[] lines = [.. File.ReadAllLines(Drift("run")).Select(l => JsonElement.Parse(l))];
        Assert.Equal([2, 4], lines.Select(l => l.GetProperty("iteration").GetInt32()));
        Assert.All(lines, l => Assert.True(l.GetProperty("kl").GetDouble() > 0 && l.GetProperty("norm").GetDouble() > 0 && l.GetProperty("changed").GetDouble() > 0.5));

        // Cut off after the second iteration, with half a line in the file.
        using CancellationTokenSource interruption = new();
        Assert.Equal(ExitCode.Interrupted, Tool.CallWith("", new LineHook(line => line.Contains(" 3/4 ", StringComparison.Ordinal), interruption.Cancel), interruption.Token, Plain.Train(_temp["broken"], "--drift-every", "2")).Code);
        File.AppendAllText(Drift("broken"), "{\"iteration\":4,\"kl\":0.");
        Assert.Equal(ExitCode.Done, Tool.Call(TinyRun.Resume(_temp["broken"], "--threads", "3")).Code);
        Assert.Equal(File.ReadAllBytes(Drift("run")), File.ReadAllBytes(Drift("broken")));

        // The last measurement agrees with the comparison of the result.
        JsonElement weights = Tool.Call("eval", "countdown", "--model", Path.Combine(_temp["run"], "final"), "--compare-to", "base", "--eval-problems", "4", "--max-new-tokens", "8", "--json").Json.GetProperty("weights");
        Assert.Equal(lines[1].GetProperty("norm").GetDouble(), weights.GetProperty("norm").GetDouble(), 1e-2);
    }

    [Fact]
    public void Without_the_flag_there_is_no_file_and_no_setting()
    {
        Assert.Equal(ExitCode.Done, Tool.Call((Plain with { Iterations = 1 }).Train(_temp["run"])).Code);
        Assert.False(File.Exists(Drift("run")));
        Assert.DoesNotContain("drift", File.ReadAllText(Path.Combine(_temp["run"], "settings.json")));
    }

    public void Dispose() => _temp.Dispose();

    private string Drift(string run) => Path.Combine(_temp[run], "drift.jsonl");
}
