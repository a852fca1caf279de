using System.Diagnostics;
using System.Text.Json;
using Evolute.Cli;
using Evolute.Cli.Bench;
using Evolute.Tests.Cli;
using Evolute.Tests.Models;

namespace Evolute.Tests.Bench;

/// <summary>Measuring in turn with another program: a small script stands for it.</summary>
public sealed class PeerCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly string _shape;

    public PeerCommandTests()
    {
        _shape = _temp["tiny.json"];
        File.WriteAllText(_shape, TinyModel.Config);
    }

    [Theory]
    [InlineData("250.5\n", 250.5)]
    [InlineData("loading 3 of 4\nspeed: 1.5e3 tokens/s\n", 1500.0)]
    [InlineData("{\"tokens_per_s\": 12.5, \"seconds\": 3}\n", 12.5)]
    [InlineData("loaded in 3 s\n{\"tokens_per_s\": 12.5}\n", 12.5)]
    [InlineData("{\n  \"batch\": 8,\n  \"tokens_per_s\": 9\n}\n", 9.0)]
    [InlineData("{\"tokens\": 12.5} 7", 7.0)]
    [InlineData("0\n", null)]
    [InlineData("-3\n", null)]
    [InlineData("no numbers", null)]
    [InlineData("", null)]
    public void Tokens_a_second_are_the_last_number_or_the_objects(string output, double? expected) => Assert.Equal(expected, PeerCommand.Parse(output));

    [Fact]
    public void The_two_take_turns_and_their_ratio_is_told()
    {
        RequireUnix();
        string script = Script("echo turn >> log\nwc -l < log | awk '{ print \"tokens/s: \" $1 * 1000 }'");
        ToolResult result = Call("--against", script, "--against-batch", "3", "--repeats", "3", "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        JsonElement against = result.Json.GetProperty("against");
        Assert.Equal(("decode", 3, 2000.0), (against.GetProperty("stage").GetString(), against.GetProperty("batch").GetInt32(), against.GetProperty("theirs_tokens_per_s").GetDouble()));
        Assert.Equal([1000, 2000, 3000], against.GetProperty("theirs").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(3, against.GetProperty("ours").GetArrayLength());
        double ratio = against.GetProperty("ratio").GetDouble();
        Assert.Equal(against.GetProperty("ours_tokens_per_s").GetDouble() / 2000, ratio, 1e-9);
        Assert.True(against.GetProperty("ratio_low").GetDouble() <= against.GetProperty("ratio_high").GetDouble());
        Assert.Equal("decode", Assert.Single(result.Json.GetProperty("rows").EnumerateArray()).GetProperty("stage").GetString());
    }

    [Fact]
    public void A_command_that_fails_is_shown_with_the_end_of_what_it_complained_of()
    {
        RequireUnix();
        ToolResult result = Call("--against", Script("echo 100\necho first >&2\necho 'no such model' >&2\nexit 3"));
        Assert.Equal((ExitCode.Failed, "", "--against: the command ended with exit code 3; the end of its standard error: first no such model"), (result.Code, result.Out, result.Sentence));
        Assert.Equal(
            "--against: the command printed no tokens a second above 0, neither as the last number on standard output nor as tokens_per_s of a JSON object; it wrote nothing to standard error.",
            Call("--against", Script("echo fast")).Sentence);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed_with_its_children()
    {
        RequireUnix();
        Task<string> child = ChildsEnd();
        ToolResult result = Call("--against", Script("sleep 1000 > pipe &\nsleep 1000\necho 5"), "--against-timeout", "2");
        Assert.Equal(
            (ExitCode.Failed, "--against: the command did not end within 2 s and was killed; raise --against-timeout, or give it less to do."), (result.Code, result.Sentence));
        Assert.Equal("", await child);
    }

    [Fact]
    public async Task An_interruption_kills_it_too()
    {
        RequireUnix();
        using CancellationTokenSource interruption = new();
        Task<string> child = ChildsEnd(line => interruption.Cancel());
        ToolResult result = Tool.CallWith("", interruption.Token, Args("--against", Script("(echo begun; sleep 1000) > pipe &\nsleep 1000\necho 5")));
        Assert.Equal((ExitCode.Interrupted, "Interrupted."), (result.Code, result.Sentence));
        Assert.Equal("begun\n", await child);
    }

    public void Dispose() => _temp.Dispose();

    private static void RequireUnix() => Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "The scripts are Unix's.");

    private ToolResult Call(params string[] args) => Tool.Call(Args(args));

    private string[] Args(params string[] args) =>
        ["bench", "--shape", _shape, "--threads", "1", "--context", "4", "--decode-steps", "2", .. args.Contains("--repeats") ? args : [.. args, "--repeats", "1"]];

    /// <summary>The command that runs a script in the temporary folder.</summary>
    private string Script(string text)
    {
        string path = _temp["peer.sh"];
        File.WriteAllText(path, text + "\n");
        return $"cd '{Path.GetDirectoryName(path)}' && sh '{path}'";
    }

    /// <summary>What is written to a pipe until the last process that holds its other end is gone.</summary>
    private async Task<string> ChildsEnd(Action<string>? began = null)
    {
        string pipe = _temp["pipe"];
        using (Process make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await Task.Run(
            () =>
            {
                using StreamReader reader = new(pipe);
                string all = "";
                while (reader.ReadLine() is { } line)
                {
                    all += line + "\n";
                    began?.Invoke(line);
                }
                return all;
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }
}
