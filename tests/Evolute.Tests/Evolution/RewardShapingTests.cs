using CsCheck;
using Evolute.Evolution;

namespace Evolute.Tests.Evolution;

public class RewardShapingTests
{
    private static readonly Gen<double[]> Rewards = Gen.Double[-10, 10].Array[2, 64];

    [Fact]
    public void Z_scores_have_mean_0_and_population_deviation_1() => Rewards.Sample(rewards =>
    {
        float[]? z = RewardShaping.ZScore(rewards);
        if (z is null || rewards.Max() - rewards.Min() < 1e-3) return;
        Assert.Equal(0, z.Average(), 1e-5);
        Assert.Equal(1, Math.Sqrt(z.Average(v => (double)v * v)), 1e-4);
    });

    [Fact]
    public void Z_scores_keep_the_order_and_do_not_see_scale_and_shift() => Rewards.Sample(rewards =>
    {
        float[]? z = RewardShaping.ZScore(rewards), moved = RewardShaping.ZScore([.. rewards.Select(r => 8 * r + 3)]);
        if (z is null || moved is null || rewards.Max() - rewards.Min() < 1e-2) return;
        for (int i = 0; i < z.Length; i++)
        {
            Assert.Equal(z[i], moved[i], 1e-4f);
            for (int j = 0; j < z.Length; j++)
                if (rewards[i] < rewards[j]) Assert.True(z[i] <= z[j]);
        }
    });

    [Fact]
    public void The_definition_by_hand()
    {
        // mean 2, population deviation √(2/3)
        float[] z = RewardShaping.ZScore([1, 2, 3])!;
        Assert.Equal([-1.2247449f, 0f, 1.2247449f], z);
    }

    [Fact]
    public void Equal_rewards_give_nothing_even_where_their_computed_deviation_is_not_0() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Int[1, 200]).Sample((reward, n) =>
        Assert.Null(RewardShaping.ZScore([.. Enumerable.Repeat(reward, n)])));

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Rewards_that_are_not_numbers_are_refused(double bad) => Assert.Throws<ArgumentException>(() => RewardShaping.ZScore([0, bad, 1]));

    [Fact]
    public void Ranks_go_from_minus_a_half_to_a_half_and_ties_share_their_mean()
    {
        Assert.Equal([0.5f, -0.5f, 0f], RewardShaping.CenteredRanks([7, -3, 0])!);
        Assert.Equal([0f, -0.5f, 0f, 0.5f, 0f], RewardShaping.CenteredRanks([1, 0, 1, 2, 1])!);
        Rewards.Sample(rewards =>
        {
            if (RewardShaping.CenteredRanks(rewards) is not { } z) return;
            for (int i = 0; i < z.Length; i++)
            {
                double rank = rewards.Count(r => r < rewards[i]) + (rewards.Count(r => r == rewards[i]) - 1) / 2.0;
                Assert.Equal((float)(rank / (z.Length - 1) - 0.5), z[i]);
            }
        });
    }

    [Fact]
    public void Rewards_are_centred_prompt_by_prompt_and_divided_by_the_deviation_of_all() => Gen.Int[2, 8].SelectMany(n => Gen.Double[-4, 4].Array[3].Array[n]).Sample(rewards =>
    {
        if (RewardShaping.PerPromptCentered(rewards) is not { } z) return;
        double[] all = [.. rewards.SelectMany(r => r)];
        double deviation = Math.Sqrt(all.Average(r => r * r) - all.Average() * all.Average());
        if (deviation < 1e-3) return;
        for (int n = 0; n < z.Length; n++)
        {
            double expected = 0;
            for (int p = 0; p < 3; p++) expected += (rewards[n][p] - rewards.Average(r => r[p])) / deviation / 3;
            Assert.Equal(expected, z[n], 1e-4);
        }
    });

    [Fact]
    public void Signs_compare_the_members_of_a_pair()
    {
        Assert.Equal([1f, -1f, -1f, 1f, 0f, 0f], RewardShaping.Sign([2, 1, 5, 9, 3, 3])!);
        Assert.Throws<ArgumentException>(() => RewardShaping.Sign([1, 2, 3]));
    }

    [Fact]
    public void Equal_rewards_give_nothing_under_every_shaping() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Int[1, 20], Gen.Int[1, 9]).Sample((reward, pairs, prompts) =>
    {
        double[] rewards = [.. Enumerable.Repeat(reward, 2 * pairs)];
        Assert.Null(RewardShaping.CenteredRanks(rewards));
        Assert.Null(RewardShaping.Sign(rewards));
        Assert.Null(RewardShaping.PerPromptCentered([.. rewards.Select(r => Enumerable.Range(0, prompts).Select(p => r + p).ToArray())]));
    });

    [Theory]
    [InlineData(double.NaN), InlineData(double.NegativeInfinity)]
    public void No_shaping_takes_what_is_not_a_number(double bad)
    {
        Assert.Throws<ArgumentException>(() => RewardShaping.CenteredRanks([0, bad]));
        Assert.Throws<ArgumentException>(() => RewardShaping.Sign([0, bad]));
        Assert.Throws<ArgumentException>(() => RewardShaping.PerPromptCentered([[0, 1], [1, bad]]));
    }
}
