using System.Text.Json;
using Evolute.Cli;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Numerics;
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

    public static TheoryData<string, string, string> Noises()
    {
        TheoryData<string, string, string> kinds = [];
        foreach (string noise in (string[])["low-rank", "low-rank --rank 3", "subspace --parts 3", "correlated"])
            foreach (string sampling in (string[])["--shaping z-score", "--shaping centered-ranks", "--shaping per-prompt-centered", "--mirrored --shaping sign", "--mirrored --shaping z-score"])
                foreach (string optimizer in (string[])["sgd", "momentum", "adam --weight-decay 0.1 --anchor l1 --anchor-strength 0.05"])
                    kinds.Add(noise, sampling, optimizer);
        return kinds;
    }

    [Theory, MemberData(nameof(Noises))]
    public void Every_form_of_noise_is_resumed_and_replayed_to_the_same_bits(string noise, string sampling, string optimizer) =>
        AssertSameBits(["--noise", .. noise.Split(' '), .. sampling.Split(' '), "--optimizer", .. optimizer.Split(' ')]);

    /// <summary>Of the widths and batches some each: what one form does with them the others do as well.</summary>
    [Theory]
    [InlineData("low-rank --rank 2", "1", "1"), InlineData("low-rank --rank 2", "4", "3"), InlineData("low-rank --rank 2", "8", "64"), InlineData("low-rank --rank 2", "16", "5")]
    [InlineData("subspace --parts 3", "1", "5"), InlineData("subspace --parts 3", "4", "64"), InlineData("subspace --parts 3", "8", "1"), InlineData("subspace --parts 3", "16", "3")]
    [InlineData("correlated", "1", "64"), InlineData("correlated", "8", "3")]
    public void Every_form_has_the_same_bits_at_any_width_batch_and_number_of_threads(string noise, string lanes, string batch)
    {
        using TempFolder temp = new();
        string[] flags = ["--noise", .. noise.Split(' '), "--mirrored", "--temperature", "0.7"];
        Assert.Equal(ExitCode.Done, Tool.Call(Train(temp["here"], [.. flags, "--threads", "3"])).Code);
        Assert.Equal(ExitCode.Done, Tool.RunWith(new Dictionary<string, string> { [VectorWidth.Variable] = lanes }, "", Train(temp["there"], [.. flags, "--threads", "1", "--batch-size", batch, "--speculate", "on"])).Code);
        Assert.Equal(File.ReadAllText(Path.Combine(temp["here"], "journal.jsonl")), File.ReadAllText(Path.Combine(temp["there"], "journal.jsonl")));
    }

    [Theory]
    [InlineData("low-rank"), InlineData("subspace --parts 3"), InlineData("correlated")]
    public void Equal_rewards_leave_the_weights_whatever_the_noise(string noise)
    {
        foreach (string sampling in (string[])["--shaping z-score", "--shaping centered-ranks", "--shaping per-prompt-centered", "--mirrored --shaping sign"])
        {
            using TempFolder temp = new();
            ToolResult result = Tool.Call(Train(
                temp["run"], ["--noise", .. noise.Split(' '), .. sampling.Split(' '), "--optimizer", "adam", "--weight-decay", "0.5", "--anchor", "l1", "--anchor-strength", "0.5", "--reward-weights", "format=0"]));
            Assert.True(result.Code == ExitCode.Done, result.Error);
            Assert.Equal(models.Sha256, result.Json.GetProperty("weights_sha256").GetString());
        }
    }

    [Fact]
    public void Schedules_reward_weights_and_frozen_tensors_are_resumed_and_replayed_as_well() => AssertSameBits(
        "--schedule", "cosine", "--warmup", "2", "--sigma-schedule", "linear", "--reward-weights", "format=1,answer=0.5", "--optimizer", "momentum", "--mirrored",
        "--train-only", "*.layers.*", "--train-only", "*embed*", "--freeze", "*norm*");

    /// <summary>Without a weight on any part that answers earn, all rewards are 0.</summary>
    [Theory]
    [InlineData("--shaping z-score"), InlineData("--shaping centered-ranks"), InlineData("--shaping per-prompt-centered")]
    [InlineData("--mirrored --shaping z-score"), InlineData("--mirrored --shaping centered-ranks"), InlineData("--mirrored --shaping per-prompt-centered"), InlineData("--mirrored --shaping sign")]
    public void Equal_rewards_leave_the_weights_whatever_the_update(string sampling)
    {
        foreach (string optimizer in (string[])["sgd", "momentum", "adam"])
            foreach (string anchor in (string[])["l1", "l2"])
            {
                using TempFolder temp = new();
                ToolResult result = Tool.Call(Train(
                    temp["run"], [.. sampling.Split(' '), "--optimizer", optimizer, "--weight-decay", "0.5", "--anchor", anchor, "--anchor-strength", "0.5", "--reward-weights", "format=0"]));
                Assert.True(result.Code == ExitCode.Done, result.Error);
                Assert.Contains("all members have the same reward, so the weights stay", result.Error, StringComparison.Ordinal);
                Assert.Equal(models.Sha256, result.Json.GetProperty("weights_sha256").GetString());
                Assert.Equal(ExitCode.Done, Tool.Call("replay", temp["run"]).Code);
            }
    }

    [Fact]
    public void Frozen_tensors_keep_their_bits_and_the_others_move()
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(Train(temp["run"], "--freeze", "*mlp*", "--freeze", "model.norm.weight", "--weight-decay", "0.5"));
        Assert.True(result.Code == ExitCode.Done, result.Error);
        using WeightTable before = ModelDirectory.Open(models.Path).LoadWeights(), after = ModelDirectory.Open(Path.Combine(temp["run"], "final")).LoadWeights();
        foreach (WeightTensor tensor in after.Tensors)
            Assert.Equal(tensor.Name.Contains("mlp", StringComparison.Ordinal) || tensor.Name == "model.norm.weight", tensor.Span.SequenceEqual(before[tensor.Name].Span));
    }

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "0"), InlineData(VectorWidth.Variable, "1"), InlineData(VectorWidth.Variable, "4"), InlineData(VectorWidth.Variable, "8")]
    public void The_instruction_set_does_not_matter(string variable, string value)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.RunWith(new Dictionary<string, string> { [variable] = value }, "", models.Train(temp["run"], Models.Flags));
        Assert.True(result.Code == ExitCode.Done, result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(models.Run, "journal.jsonl")), File.ReadAllText(Path.Combine(temp["run"], "journal.jsonl")));
    }

    [Theory]
    [InlineData("--mirrored", "--mirrored", "false")]
    [InlineData("--noise", "--noise", "low-rank")]
    [InlineData("--rank", "--rank", "2")]
    [InlineData("--shaping", "--shaping", "z-score")]
    [InlineData("--reward-weights", "--reward-weights", "format=2")]
    [InlineData("--optimizer", "--optimizer", "sgd")]
    [InlineData("--momentum", "--momentum", "0.5")]
    [InlineData("--adam-betas", "--adam-betas", "0.9,0.99")]
    [InlineData("--adam-epsilon", "--adam-epsilon", "1e-6")]
    [InlineData("--weight-decay", "--weight-decay", "0")]
    [InlineData("--anchor", "--anchor", "l1")]
    [InlineData("--anchor-strength", "--anchor-strength", "3")]
    [InlineData("--schedule", "--schedule", "linear")]
    [InlineData("--warmup", "--warmup", "2")]
    [InlineData("--sigma-schedule", "--sigma-schedule", "linear")]
    [InlineData("--train-only", "--train-only", "*norm*")]
    [InlineData("--freeze", "--freeze", "*mlp*")]
    public void A_resumed_run_cannot_change_its_evolution(string named, params string[] change)
    {
        ToolResult result = Tool.Call(["train", "countdown", "--resume", "--output", models.Run, .. change]);
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.StartsWith($"{named}: the run was begun with ", result.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shaping sign compares the two members of a pair, so it needs --mirrored.", "--shaping", "sign")]
    [InlineData("--reward-weights: the reward of countdown has no part 'formt'. Did you mean 'format'?", "--reward-weights", "formt=1")]
    [InlineData("--reward-weights: 'format' is not a name and a number; write them as format=0.1,answer=1.", "--reward-weights", "format")]
    [InlineData("--adam-betas: '0.9' is not two numbers; write them as 0.9,0.999.", "--adam-betas", "0.9")]
    [InlineData("--freeze leaves no tensor to train; take a pattern away.", "--freeze", "*")]
    [InlineData("--rank does nothing with --noise full; leave it out, or give --noise low-rank.", "--rank", "1")]
    [InlineData("--parts does nothing with --noise low-rank; leave it out, or give --noise subspace.", "--noise", "low-rank", "--parts", "2")]
    [InlineData("--rank must be from 1 to 1024; it is 0.", "--noise", "low-rank", "--rank", "0")]
    [InlineData("--parts must be from 2 to 1024; it is 1.", "--noise", "subspace", "--parts", "1")]
    [InlineData("--population must be a multiple of 4, so that each of the 4 parts of --parts has as many members; it is 6.", "--noise", "subspace")]
    [InlineData("--population must be a multiple of 4, so that each of the 2 parts of --parts has as many pairs; it is 6.", "--noise", "subspace", "--parts", "2", "--mirrored")]
    [InlineData("--momentum does nothing with --optimizer sgd; leave it out, or give --optimizer momentum.", "--momentum", "0.9")]
    [InlineData("--adam-betas does nothing with --optimizer momentum; leave it out, or give --optimizer adam.", "--optimizer", "momentum", "--adam-betas", "0.9,0.99")]
    [InlineData("--adam-epsilon does nothing with --optimizer sgd; leave it out, or give --optimizer adam.", "--adam-epsilon", "1e-8")]
    [InlineData("--optimizer: there is no 'adm'. Did you mean 'adam'?", "--optimizer", "adm")]
    public void A_wrong_setting_is_one_sentence(string sentence, params string[] flags)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(Train(temp["run"], flags));
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }

    [Fact]
    public void The_model_card_says_what_differs_from_the_plain_method() => Assert.Contains(
        "Beyond the plain method: mirrored sampling; shaping sign; Adam (β 0.9 and 0.999, ε 1E-08); weight decay 0.1; l2 anchor 2.",
        File.ReadAllText(Path.Combine(models.Run, "final", "README.md")), StringComparison.Ordinal);

    [Fact]
    public void Inspect_shows_what_patterns_match()
    {
        JsonElement json = Tool.Call("inspect", "--model", models.Path, "--train-only", "*mlp*", "--train-only", "model.norm.weight", "--freeze", "*.1.*", "--json").Json;
        JsonElement[] tensors = [.. json.GetProperty("tensors").EnumerateArray()];
        foreach (JsonElement tensor in tensors)
        {
            string name = tensor.GetProperty("name").GetString()!;
            Assert.Equal((name.Contains("mlp", StringComparison.Ordinal) && !name.Contains(".1.", StringComparison.Ordinal)) || name == "model.norm.weight", tensor.GetProperty("trained").GetBoolean());
        }
        long trained = tensors.Where(t => t.GetProperty("trained").GetBoolean()).Sum(t => t.GetProperty("shape").EnumerateArray().Aggregate(1L, (n, d) => n * d.GetInt64()));
        Assert.Equal(trained, json.GetProperty("trained_parameters").GetInt64());
        Assert.Contains("no tensor of the model matches", Tool.Call("inspect", "--model", models.Path, "--freeze", "*mpl*").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_matches_nothing_names_the_nearest_tensors()
    {
        using TempFolder temp = new();
        string sentence = Tool.Call(Train(temp["run"], "--train-only", "model.norms.weight")).Sentence;
        Assert.StartsWith("--train-only: no tensor of the model matches 'model.norms.weight'. The nearest names: model.norm.weight, ", sentence, StringComparison.Ordinal);
    }

    /// <summary>Trains straight, and again with a break after the second iteration, and compares; then replays.</summary>
    private void AssertSameBits(params string[] flags)
    {
        using TempFolder temp = new();
        ToolResult whole = Tool.Call(Train(temp["whole"], [.. flags, "--threads", "2"]));
        Assert.True(whole.Code == ExitCode.Done, whole.Error);
        string sha256 = whole.Json.GetProperty("weights_sha256").GetString()!;
        Assert.NotEqual(models.Sha256, sha256);

        using CancellationTokenSource interruption = new();
        using LineHook error = new(line => line.Contains(" 2/3 ", StringComparison.Ordinal), interruption.Cancel);
        Assert.Equal(ExitCode.Interrupted, Tool.CallWith("", error, interruption.Token, Train(temp["broken"], [.. flags, "--threads", "1"])).Code);
        ToolResult resumed = Tool.Call("train", "countdown", "--resume", "--output", temp["broken"], "--threads", "2", "--json");
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(temp["whole"], "journal.jsonl")), File.ReadAllText(Path.Combine(temp["broken"], "journal.jsonl")));
        ToolResult replayed = Tool.Call("replay", temp["broken"], "--json");
        Assert.True(replayed.Code == ExitCode.Done, replayed.Error);
        Assert.Equal(sha256, replayed.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(sha256, Tool.Call("inspect", "--model", Path.Combine(temp["broken"], "final"), "--json").Json.GetProperty("weights_sha256").GetString());
    }

    private string[] Train(string output, params string[] flags) => models.Train(output, flags);

    private static string FlagName<T>(T value) where T : struct, Enum => Evolute.Cli.Flags.FlagKinds.NameOf(value);

    /// <summary>A tiny model for all of them.</summary>
    public sealed class Models : IDisposable
    {
        private readonly TempFolder _temp = new();

        /// <summary>Those of the finished run.</summary>
        public static string[] Flags { get; } = ["--mirrored", "--shaping", "sign", "--optimizer", "adam", "--weight-decay", "0.1", "--anchor", "l2", "--anchor-strength", "2"];

        public Models()
        {
            Path = TextModel.Create(_temp["model"]);
            Run = _temp["run"];
            ToolResult run = Tool.Call(Train(Run, Flags));
            Assert.True(run.Code == ExitCode.Done, run.Error);
            Sha256 = Tool.Call("inspect", "--model", Path, "--json").Json.GetProperty("weights_sha256").GetString()!;
        }

        public string Path { get; }

        public string Sha256 { get; }

        /// <summary>A finished run.</summary>
        public string Run { get; }

        public string[] Train(string output, params string[] flags) =>
        [
            "train", "countdown", "--output", output, "--model", Path, "--task-option", "prompt={numbers}={target}:", "--max-new-tokens", "6", "--population", "6", "--sigma", "0.2", "--learning-rate", "0.1",
            "--train-problems", "6", "--prompts", "3", "--iterations", "3", "--eval-problems", "2", "--checkpoint-every", "1", "--json", .. flags,
        ];

        public void Dispose() => _temp.Dispose();
    }
}
