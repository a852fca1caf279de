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
}
