using CsCheck;
using Evolute.Rewards;
using Evolute.Tasks;

namespace Evolute.Tests.Rewards;

/// <summary>Rewards of several kinds, added up.</summary>
public class RewardRoundTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_sum_is_the_weighted_one_whatever_order_rewards_come_in() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-3, 3], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Int[0, 1000]).Sample((taskWeight, weight, respondents, problems, seed) =>
        {
            Random random = new(seed);
            IReward late = Reward.From(async (c, stop) =>
            {
                for (int i = Random.Shared.Next(3); i > 0; i--) await Task.Yield();
                return new RewardValue { Score = c.Text.Length, Parts = new Dictionary<string, double> { ["x"] = c.Text.Length / 2.0 } };
            });
            using RewardSet set = new(taskWeight, [new("late", late, weight), new("flat", Reward.From(c => 1), 2)]);
            TaskProblem[] asked = [.. Enumerable.Range(0, problems).Select(i => Responses.Problem($"p{i}"))];
            using RewardRound round = new(set, (p, text) => new(text.Length * 10, new Dictionary<string, double> { ["own"] = 1 }, text.Length > 3), asked, respondents, Stop);
            string[,] texts = new string[respondents, problems];
            foreach (int place in Enumerable.Range(0, respondents * problems).OrderBy(_ => random.Next()))
            {
                (int n, int i) = (place / problems, place % problems);
                round.Add(n, i, Responses.Completion(texts[n, i] = new string('y', random.Next(7))));
            }
            round.Finish();
            for (int n = 0; n < respondents; n++)
                for (int i = 0; i < problems; i++)
                {
                    RewardResult result = round.Of(n, i);
                    int length = texts[n, i].Length;
                    Assert.Equal(taskWeight * (length * 10) + weight * length + 2, result.Score, 12);
                    Assert.Equal((length > 3, (double)length, length / 2.0, 1), (result.Correct, result.Parts["late"], result.Parts["late.x"], result.Parts["flat"]));
                    Assert.Equal(taskWeight != 0, result.Parts.ContainsKey("own"));
                }
        }, iter: 40);

    [Fact]
    public void A_response_is_scored_once_for_all_that_gave_it()
    {
        int calls = 0;
        using RewardSet set = new(0, [new("counted", Reward.From(c =>
        {
            Interlocked.Increment(ref calls);
            return c.Text.Length;
        }))]);
        using RewardRound round = Round(set, 3, 2);
        for (int n = 0; n < 3; n++)
            for (int i = 0; i < 2; i++) round.Add(n, i, Responses.Completion("same"));
        round.Finish();
        Assert.Equal((2, 4), (calls, round.Of(2, 1).Score));
    }

    [Fact]
    public void What_does_not_apply_counts_as_the_mean_of_the_others_to_the_same_problem()
    {
        using RewardSet set = new(0, [new("some", Reward.From(c => c.Text.Length == 0 ? RewardValue.NotApplicable : c.Text.Length))]);
        using RewardRound round = Round(set, 3, 2);
        string[] texts = ["a", "", "", "", "aaa", ""];
        for (int place = 0; place < 6; place++) round.Add(place / 2, place % 2, Responses.Completion(texts[place]));
        round.Finish();
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(n => round.Of(n, 0).Score));
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(n => round.Of(n, 1).Score));
        using RewardRound evaluation = Round(set, 1, 3);
        foreach ((string text, int i) in new[] { ("aa", 0), ("", 1), ("aaaa", 2) }) evaluation.Add(0, i, Responses.Completion(text));
        evaluation.Finish();
        Assert.Equal([2, 3, 4], Enumerable.Range(0, 3).Select(i => evaluation.Of(0, i).Score));
    }

    [Theory]
    [InlineData("throws", "Reward mine, p0: failed: FormatException: no number.")]
    [InlineData("nan", "Reward mine, p0: gave NaN, which is not a finite number.")]
    [InlineData("part", "Reward mine, p0: gave a part that is not a finite number (x).")]
    public void A_failure_ends_the_round_is_skipped_or_counts_as_the_policy_says(string kind, string sentence)
    {
        IReward bad = Reward.From(c => c.Text == "good" ? 3 : kind switch
        {
            "throws" => throw new FormatException("no number"),
            "nan" => double.NaN,
            _ => new RewardValue { Score = 1, Parts = new Dictionary<string, double> { ["x"] = double.PositiveInfinity } },
        });
        EvoluteFaultException fault = Assert.Throws<EvoluteFaultException>(() => Scores(bad, new(), out _));
        Assert.StartsWith(sentence, fault.Message);
        Assert.Equal([3, 3], Scores(bad, new(FailurePolicy.Skip), out RewardLog log));
        Assert.Equal([sentence.TrimEnd('.')], log.Take());
        Assert.Equal([-1, 3], Scores(bad, new(FailurePolicy.Value, -1), out _));
    }

    [Fact]
    public void A_wrong_number_of_values_and_a_call_without_end_are_failures()
    {
        Assert.Contains("gave 0 values for 1 responses", Assert.Throws<EvoluteFaultException>(() => Scores(new Fixed([]), new(), out _)).Message);
        IReward endless = Reward.From(async (c, stop) =>
        {
            if (c.Text != "good") await Task.Delay(Timeout.Infinite, stop);
            return 3;
        });
        Assert.Equal([7, 3], Scores(endless, new(FailurePolicy.Value, 7, TimeSpan.FromSeconds(2)), out RewardLog log));
        Assert.Equal(["Reward mine, p0: gave no answer within 2 s"], log.Take());
    }

    [Fact]
    public void Work_that_is_stopped_waits_for_no_reward()
    {
        using CancellationTokenSource stop = new();
        using RewardSet set = new(1, [new("endless", Reward.From(async (c, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        }))]);
        using RewardRound round = new(set, Own, [Responses.Problem("p0")], 1, stop.Token);
        round.Add(0, 0, Responses.Completion("x"));
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(round.Finish);
    }

    private static RewardResult Own(TaskProblem problem, string text) => new(0, new Dictionary<string, double>(), false);

    private static RewardRound Round(RewardSet set, int respondents, int problems) =>
        new(set, Own, [.. Enumerable.Range(0, problems).Select(i => Responses.Problem($"p{i}"))], respondents, Stop);

    private static double[] Scores(IReward reward, RewardFailures failures, out RewardLog log)
    {
        using RewardSet set = new(0, [new("mine", reward)], failures);
        log = set.Log;
        using RewardRound round = Round(set, 1, 2);
        round.Add(0, 0, Responses.Completion("bad"));
        round.Add(0, 1, Responses.Completion("good"));
        round.Finish();
        return [round.Of(0, 0).Score, round.Of(0, 1).Score];
    }

    private sealed class Fixed(IReadOnlyList<RewardValue> values) : IReward
    {
        public Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop) => Task.FromResult(values);
    }
}
