using Evolute.Cli;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Runs with every kind of evolution come to the same bits with any threads, when they are interrupted and when they are replayed.</summary>
public sealed class EvolutionRunTests(EvolutionRunTests.Models models) : IClassFixture<EvolutionRunTests.Models>
{
    public static TheoryData<string, string, string> Kinds()
    {
        TheoryData<string, string, string> kinds = [];
        string[] samplings = [.. Enum.GetValues<Shaping>().SelectMany(s => (string[])(s == Shaping.Sign ? [] : [$"--shaping {FlagName(s)}"])),
            .. Enum.GetValues<Shaping>().Select(s => $"--mirrored --shaping {FlagName(s)}")];
        foreach (string sampling in samplings)
            foreach (Optimizer optimizer in Enum.GetValues<Optimizer>())
                foreach (string decay in (string[])["", "--weight-decay 0.1", "--anchor l2 --anchor-strength 2", "--weight-decay 0.1 --anchor l1 --anchor-strength 0.05"])
                    kinds.Add(sampling, FlagName(optimizer), decay);
        return kinds;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_of_update_is_resumed_and_replayed_to_the_same_bits(string sampling, string optimizer, string decay) =>
        AssertSameBits([.. sampling.Split(' '), "--optimizer", optimizer, .. decay.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>Trains straight, and again with a break after the second iteration, and compares; then replays.</summary>
    private void AssertSameBits(params string[] flags)
    {
        using TempFolder temp = new();
        string[] train =
        [
            "train", "countdown", "--model", models.Path, "--task-option", "prompt={numbers}={target}:", "--max-new-tokens", "6", "--population", "6", "--sigma", "0.2", "--learning-rate", "0.1",
            "--train-problems", "6", "--prompts", "3", "--iterations", "3", "--eval-problems", "2", "--checkpoint-every", "1", "--json", .. flags,
        ];
        ToolResult whole = Tool.Call([.. train, "--output", temp["whole"], "--threads", "2"]);
        Assert.True(whole.Code == ExitCode.Done, whole.Error);
        string sha256 = whole.Json.GetProperty("weights_sha256").GetString()!;
        Assert.NotEqual(models.Sha256, sha256);

        using CancellationTokenSource interruption = new();
        using LineHook error = new(line => line.Contains(" 2/3 ", StringComparison.Ordinal), interruption.Cancel);
        Assert.Equal(ExitCode.Interrupted, Tool.CallWith("", error, interruption.Token, [.. train, "--output", temp["broken"], "--threads", "1"]).Code);
        ToolResult resumed = Tool.Call("train", "countdown", "--resume", "--output", temp["broken"], "--threads", "2", "--json");
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(temp["whole"], "journal.jsonl")), File.ReadAllText(Path.Combine(temp["broken"], "journal.jsonl")));
        ToolResult replayed = Tool.Call("replay", temp["broken"], "--json");
        Assert.True(replayed.Code == ExitCode.Done, replayed.Error);
        Assert.Equal(sha256, replayed.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(sha256, Tool.Call("inspect", "--model", Path.Combine(temp["broken"], "final"), "--json").Json.GetProperty("weights_sha256").GetString());
    }

    private static string FlagName<T>(T value) where T : struct, Enum => Evolute.Cli.Flags.FlagKinds.NameOf(value);

    /// <summary>A tiny model for all of them.</summary>
    public sealed class Models : IDisposable
    {
        private readonly TempFolder _temp = new();

        public Models()
        {
            Path = TextModel.Create(_temp["model"]);
            Sha256 = Tool.Call("inspect", "--model", Path, "--json").Json.GetProperty("weights_sha256").GetString()!;
        }

        public string Path { get; }

        public string Sha256 { get; }

        public void Dispose() => _temp.Dispose();
    }
}
