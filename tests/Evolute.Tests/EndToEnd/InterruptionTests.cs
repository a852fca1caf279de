using Evolute.Runs;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Ctrl-C and SIGTERM end a run with 130 and a whole journal, and it goes on to the same bits.</summary>
public class InterruptionTests
{
    private static readonly TinyRun Run = new() { Iterations = 8, EvalEvery = 2, CheckpointEvery = 1 };

    [Theory]
    [InlineData("INT", "Run folder")]
    [InlineData("INT", "    3/8 ")]
    [InlineData("TERM", "    2/8 ")]
    public void A_signal_interrupts_with_130_and_the_run_goes_on_to_the_same_bits(string signal, string after)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are a thing of Unix.");
        using TempFolder temp = new();
        using (ToolProcess tool = new(Run.Train(temp["run"])))
        {
            Assert.True(tool.WaitForLine(line => line.StartsWith(after, StringComparison.Ordinal)));
            tool.Signal(signal);
            ToolResult result = tool.Result();
            Assert.Equal((130, ""), (result.Code, result.Out));
            Assert.EndsWith("Interrupted.\n", result.Error, StringComparison.Ordinal);
        }
        string journal = File.ReadAllText(Path.Combine(temp["run"], Journal.FileName));
        if (journal.Length > 0) Assert.EndsWith("\n", journal, StringComparison.Ordinal);
        Assert.StartsWith(journal, RunBits.OfStraight(Run).Journal, StringComparison.Ordinal);
        ToolResult resumed = Tool.Call(TinyRun.Resume(temp["run"]));
        Assert.True(resumed.Code == 0, resumed.Error);
        RunBits.AssertStraight(Run, temp["run"]);
    }
}
