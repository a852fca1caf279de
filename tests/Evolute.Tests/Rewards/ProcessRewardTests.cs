using Evolute.Rewards;

namespace Evolute.Tests.Rewards;

/// <summary>A scorer in another process, well-behaved and not.</summary>
public class ProcessRewardTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3), Ever = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ProcessRewardTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The scorer is a shell script, and processes are looked up in /proc.");

    [Fact]
    public async Task One_process_scores_all_responses_each_by_its_id()
    {
        using Scorer scorer = new();
        using (ProcessReward reward = new(scorer.Command, new(), _ => { }))
        {
            string[] texts = [.. Enumerable.Range(0, 300).Select(i => new string('x', i % 50))];
            IReadOnlyList<RewardValue>[] rounds = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => reward.ScoreAsync(Responses.Of(texts), Stop)));
            foreach (IReadOnlyList<RewardValue> values in rounds) Assert.Equal(texts.Select(t => (double?)t.Length), values.Select(v => v.Score));
            Assert.Single(scorer.Started);
        }
        scorer.AssertGone();
    }

    [Fact]
    public async Task Order_parts_null_and_verdict_come_through()
    {
        using Scorer scorer = new();
        using ProcessReward reward = new(scorer.Command, new(Timeout: Ever), _ => { });
        IReadOnlyList<RewardValue> values = await reward.ScoreAsync(Responses.Of("hold", "release", "parts", "null", "flood"), Stop);
        Assert.Equal([10, 20, 2, null, 5], values.Select(v => v.Score));
        Assert.Equal((1.5, true), (values[2].Parts["b"], values[2].Correct));
        Assert.All(values, v => Assert.Null(v.Failure));
    }

    [Fact]
    public async Task Thirty_two_hanging_responses_in_a_row_keep_no_other_waiting()
    {
        using Scorer scorer = new();
        using (ProcessReward reward = new(scorer.Command, new(Timeout: Ever), _ => { }))
        {
            await reward.ScoreAsync(Responses.Of("first"), Stop);
            using CancellationTokenSource given = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            Task<IReadOnlyList<RewardValue>>[] hanging = [.. Enumerable.Range(0, 32).Select(i => reward.ScoreAsync(Responses.Of($"hang {i}"), given.Token))];
            IReadOnlyList<RewardValue> others = await reward.ScoreAsync(Responses.Of([.. Enumerable.Range(0, 320).Select(i => $"good {i % 10}")]), Stop);
            // All of the others, while none of the 32 has come to its end.
            Assert.All(others, v => Assert.Equal(6, v.Score));
            Assert.DoesNotContain(hanging, h => h.IsCompleted);
            await given.CancelAsync();
            foreach (Task<IReadOnlyList<RewardValue>> one in hanging) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }
        Assert.InRange(scorer.Started.Length, 3, int.MaxValue);
        scorer.AssertGone();
    }

    [Fact]
    public async Task What_hangs_or_crashes_fails_alone_and_by_name()
    {
        using Scorer scorer = new();
        using (ProcessReward reward = new(scorer.Command, new(FailurePolicy.Skip, Timeout: Short), _ => { }))
        {
            IReadOnlyList<RewardValue> values = await reward.ScoreAsync(Responses.Of("good", "crash", "good", "hang", "crash again", "good", "nan", "word", "good"), Stop);
            Assert.Equal([4, null, 4, null, null, 4, null, null, 4], values.Select(v => v.Score));
            Assert.Equal("ended with exit code 3; it wrote: scorer: no more", values[1].Failure);
            Assert.Equal("gave no answer within 3 s", values[3].Failure);
            Assert.Equal("ended with exit code 3; it wrote: scorer: no more", values[4].Failure);
            Assert.Equal("gave the reward \"NaN\", which is not a finite number", values[6].Failure);
            Assert.Equal("gave the reward \"much\", which is not a finite number", values[7].Failure);
        }
        scorer.AssertGone();
    }

    [Theory]
    [InlineData("twice", "It answered id 1 twice; the line is ignored.")]
    [InlineData("unknown", "It answered id 999999, which it was not given; the line is ignored.")]
    [InlineData("garbage", "It gave a line that is not JSON: Loading model…; the line is ignored.")]
    [InlineData("long", "It gave a line of more than 1048576 characters; the line is ignored.")]
    public async Task Lines_that_answer_nothing_are_told_or_end_the_run(string response, string sentence)
    {
        using Scorer scorer = new();
        List<string> told = [];
        using (ProcessReward reward = new(scorer.Command, new(FailurePolicy.Skip, Timeout: Ever), told.Add))
        {
            IReadOnlyList<RewardValue> values = await reward.ScoreAsync(Responses.Of(response, "good"), Stop);
            Assert.Equal([1, 4], values.Select(v => v.Score));
        }
        Assert.Equal([sentence], told);
        using ProcessReward strict = new(scorer.Command, new(Timeout: Ever), _ => { });
        IReadOnlyList<RewardValue> failed = await strict.ScoreAsync(Responses.Of(response, "hold", "release"), Stop);
        Assert.Contains(failed, v => v.Failure is not null && sentence.Contains(v.Failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_is_not_there_says_so()
    {
        using ProcessReward reward = new("no-such-scorer --fast", new(), _ => { });
        IReadOnlyList<RewardValue> values = await reward.ScoreAsync(Responses.Of("a", "b"), Stop);
        Assert.All(values, v => Assert.StartsWith("ended with exit code 127; it wrote: ", v.Failure));
        Assert.All(values, v => Assert.Contains("no-such-scorer", v.Failure));
    }
}
