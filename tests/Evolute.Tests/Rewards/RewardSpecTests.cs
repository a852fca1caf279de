using System.Text.Json;
using CsCheck;
using Evolute.Rewards;

namespace Evolute.Tests.Rewards;

/// <summary>How rewards are named, and what scorers write.</summary>
public class RewardSpecTests
{
    [Theory]
    [InlineData("task", RewardKind.Task, "task", 1, "task")]
    [InlineData("0.5*python3 score.py --fast 2*3", RewardKind.Command, "python3 score.py --fast 2*3", 0.5, "score")]
    [InlineData(" -2 * http://127.0.0.1:8000/score", RewardKind.Http, "http://127.0.0.1:8000/score", -2, "127.0.0.1")]
    [InlineData("rewards/Mine.cs", RewardKind.Source, "rewards/Mine.cs", 1, "Mine")]
    [InlineData("1e-3*bin/Mine.dll:My.Reward", RewardKind.Assembly, "bin/Mine.dll:My.Reward", 0.001, "Mine")]
    [InlineData("dotnet Mine.dll", RewardKind.Command, "dotnet Mine.dll", 1, "Mine")]
    [InlineData("*weird", RewardKind.Command, "*weird", 1, "*weird")]
    public void Kinds_weights_and_names(string text, RewardKind kind, string rest, double weight, string name)
    {
        RewardSpec spec = RewardSpec.Parse(text);
        Assert.Equal((kind, rest, weight, name), (spec.Kind, spec.Text, spec.Weight, spec.Name));
    }

    [Theory]
    [InlineData("", "--reward: the reward is empty; give task, a command, a URL, or a .cs or .dll file.")]
    [InlineData("2*", "--reward: the reward is empty; give task, a command, a URL, or a .cs or .dll file.")]
    [InlineData("1e999*task", "--reward: the weight of '1e999*task' is not a finite number.")]
    [InlineData("http://:x", "--reward: 'http://:x' is no URL.")]
    [InlineData("none/Mine.cs", "--reward: there is no file 'none/Mine.cs'.")]
    [InlineData("none/Mine.dll", "--reward: there is no file 'none/Mine.dll'.")]
    public void What_cannot_be_opened_is_named(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<EvoluteInputException>(() => RewardSpec.Open([text], new())).Message);

    [Fact]
    public void Rewards_with_the_same_name_are_told_apart()
    {
        using RewardSet set = RewardSpec.Open(["task", "sh score.sh", "2*sh other/score.sh", "3*task"], new());
        Assert.Equal(["score", "score-2"], set.Rewards.Select(r => r.Name));
        Assert.Equal((4, 2), (set.TaskWeight, set.Rewards[1].Weight));
    }

    [Fact]
    public void A_class_of_an_assembly_is_found_by_name()
    {
        string path = typeof(RewardSpecTests).Assembly.Location;
        Assert.NotNull(RewardAssembly.Load(path, nameof(ConstantReward)));
        Assert.Contains("has several rewards (ConstantReward, ", Assert.Throws<EvoluteInputException>(() => RewardAssembly.Load(path)).Message);
        Assert.Contains("has no class Nowhere that implements", Assert.Throws<EvoluteInputException>(() => RewardAssembly.Load(path, "Nowhere")).Message);
        using TempFolder temp = new();
        string text = Path.Combine(temp.Path, "text.dll");
        File.WriteAllText(text, "no assembly");
        Assert.Contains("is no assembly that can be loaded here", Assert.Throws<EvoluteInputException>(() => RewardAssembly.Load(text)).Message);
    }

    [Fact]
    public void Answers_come_back_as_they_were_written() =>
        Gen.Select(Gen.Long, Gen.Double.Where(double.IsFinite), Gen.Bool.Nullable(), Gen.Dictionary(Gen.String.AlphaNumeric, Gen.Double.Where(double.IsFinite))[0, 4]).Sample((id, reward, correct, parts) =>
        {
            string line = JsonSerializer.Serialize(new { id, reward, parts, correct });
            (long? read, RewardValue value) = RewardProtocol.Answer(line);
            Assert.Equal((id, reward, correct), (read, value.Score, value.Correct));
            Assert.Equal(parts.OrderBy(p => p.Key, StringComparer.Ordinal), value.Parts);
        });

    [Fact]
    public void Any_line_is_an_answer_or_a_sentence() => Gen.String.Sample(text =>
    {
        (long? id, RewardValue value) = RewardProtocol.Answer(text);
        Assert.True(id is not null || value.Failure is not null);
    });

    [Theory]
    [InlineData("{\"id\":1}", "gave an answer without 'reward': {\"id\":1}")]
    [InlineData("{\"reward\":1}", "gave an answer without the id of a row: {\"reward\":1}")]
    [InlineData("{\"id\":1.5,\"reward\":1}", "gave an answer without the id of a row: {\"id\":1.5,\"reward\":1}")]
    [InlineData("[1]", "gave [1], not an object with id and reward")]
    [InlineData("{\"id\":1,\"reward\":-Infinity}", "gave the reward \"-Infinity\", which is not a finite number")]
    [InlineData("{\"id\":1,\"reward\":1e999}", "gave the reward 1e999, which is not a finite number")]
    [InlineData("{\"id\":1,\"reward\":1,\"parts\":[1]}", "gave 'parts' as [1], not an object of numbers")]
    [InlineData("{\"id\":1,\"reward\":1,\"parts\":{\"a\":\"x\"}}", "gave the part a as \"x\", which is not a finite number")]
    [InlineData("{\"id\":1,\"reward\":1,\"correct\":1}", "gave 'correct' as 1, not true or false")]
    public void Bad_answers_are_named(string line, string sentence) => Assert.Equal(sentence, RewardProtocol.Answer(line).Value.Failure);
}

/// <summary>A reward to be found in this assembly.</summary>
public sealed class ConstantReward : IReward
{
    public Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<RewardValue>>([.. completions.Select(_ => RewardValue.Of(0.25))]);
}
