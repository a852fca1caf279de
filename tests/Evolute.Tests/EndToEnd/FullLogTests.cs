using System.Diagnostics;
using Evolute.Cli;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Standard output and standard error that go to a full disk.</summary>
public class FullLogTests
{
    private const string FullDevice = "/dev/full";

    [Fact]
    public void Progress_may_be_lost_and_results_may_not()
    {
        Assert.SkipUnless(File.Exists(FullDevice), "There is no device here that is always full.");
        using TempFolder temp = new();
        TinyRun run = new() { Iterations = 1 };
        Assert.Equal((0, ""), Shell(run.Train(temp["run"]), $"2>{FullDevice} >/dev/null"));
        RunBits.AssertStraight(run, temp["run"]);
        (int code, string error) = Shell(["inspect", "--json"], $">{FullDevice}");
        Assert.Equal(1, code);
        Assert.Contains("No space left on device", Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Closed_standard_input_is_said_so_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no shell here that closes a descriptor.");
        Assert.Equal((2, "Standard input is closed; pipe something into it, or name a file.\n"), Shell(["reward", "countdown", "--input", "-"], "<&-"));
        Assert.Equal((0, "0 rows, mean reward 0, 0 correct\n"), Shell(["reward", "countdown", "--input", "-"], "</dev/null"));
    }

    private static (int Code, string Error) Shell(string[] args, string redirections)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec \"$@\" {redirections}", "sh", Tool.Host, "exec", typeof(EvoluteTool).Assembly.Location, .. args]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
