using System.Diagnostics;
using Evolute.Tests.Cli;

namespace Evolute.Tests.Hosting;

/// <summary>The samples, run as they are built.</summary>
public class SampleTests
{
    [Theory]
    [InlineData("CustomReward", "2", "solved ")]
    [InlineData("HostedService", "--iterations=2", "The tuned model says: ")]
    [InlineData("AskTell", "", "loss 9.")]
    public async Task A_sample_runs_to_its_end(string name, string argument, string says)
    {
        Assert.SkipUnless(RepositoryFolder.Root is not null, "The samples are in the checkout.");
        string program = Path.Combine(RepositoryFolder.Root!, "artifacts", "bin", name, "release", name + ".dll");
        Assert.SkipUnless(File.Exists(program), $"{name} is not built in Release.");
        using TempFolder temp = new();
        ProcessStartInfo start = new(Tool.Host, argument.Length > 0 ? ["exec", program, argument] : ["exec", program]) { WorkingDirectory = temp.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Contains(says, output);
    }

    [Fact]
    public void The_program_with_a_reward_of_its_own_has_fewer_than_15_lines()
    {
        Assert.SkipUnless(RepositoryFolder.Root is not null, "The samples are in the checkout.");
        Assert.InRange(File.ReadAllLines(Path.Combine(RepositoryFolder.Root!, "samples", "CustomReward", "Program.cs")).Length, 5, 14);
    }
}
