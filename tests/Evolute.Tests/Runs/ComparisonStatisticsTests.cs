using CsCheck;
using Evolute.Runs;

namespace Evolute.Tests.Runs;

/// <summary>pass@k, maj@k, McNemar's test and the bootstrap against enumeration.</summary>
public class ComparisonStatisticsTests
{
    private static readonly Gen<bool[]> Outcomes = Gen.Bool.Array[1, 10];

    [Fact]
    public void Pass_at_k_is_the_share_of_all_subsets_with_a_right_answer() => Gen.Select(Outcomes, Gen.Int[1, 10]).Where((correct, k) => k <= correct.Length).Sample((correct, k) =>
    {
        int subsets = 0, passed = 0;
        for (int mask = 0; mask < 1 << correct.Length; mask++)
        {
            if (int.PopCount(mask) != k) continue;
            subsets++;
            if (correct.Where((_, i) => (mask >> i & 1) == 1).Any(c => c)) passed++;
        }
        Assert.Equal((double)passed / subsets, new SampledAnswers(correct, new string?[correct.Length]).PassAt(k), 1e-12);
    });

    [Fact]
    public void Pass_at_k_rises_with_k_and_begins_at_the_share_of_right_answers() => Outcomes.Sample(correct =>
    {
        SampledAnswers answers = new(correct, new string?[correct.Length]);
        Assert.Equal(correct.Average(c => c ? 1.0 : 0), answers.PassAt(1), 1e-12);
        for (int k = 2; k <= correct.Length; k++) Assert.True(answers.PassAt(k) >= answers.PassAt(k - 1) - 1e-12);
        Assert.Equal(correct.Any(c => c) ? 1 : 0, answers.PassAt(correct.Length), 1e-12);
    });

    [Theory]
    [InlineData("a a b", "110", 3, 1)]
    [InlineData("b a a", "011", 3, 1)]
    [InlineData("b a", "01", 2, 0)] // A tie: the first given wins.
    [InlineData("a b", "10", 2, 1)]
    [InlineData("- - a", "001", 3, 1)] // Answers that are none do not vote.
    [InlineData("- -", "00", 2, 0)]
    [InlineData("a b b a", "1001", 2, 0.5)] // Two groups, each its own vote.
    [InlineData("a b b a c", "10010", 2, 0.5)] // What does not fill a group is left over.
    [InlineData("b b a a a", "00111", 5, 1)]
    public void Majority_votes_are_counted_in_groups(string answers, string correct, int k, double expected) =>
        Assert.Equal(expected, new SampledAnswers([.. correct.Select(c => c == '1')], [.. answers.Split(' ').Select(a => a == "-" ? null : a)]).MajorityAt(k));

    [Fact]
    public void The_vote_of_one_is_pass_at_1() => Outcomes.Sample(correct =>
    {
        SampledAnswers answers = new(correct, [.. correct.Select((_, i) => $"{i}")]);
        Assert.Equal(answers.PassAt(1), answers.MajorityAt(1), 1e-12);
    });

    [Fact]
    public void McNemar_is_the_share_of_equally_uneven_outcomes()
    {
        for (int lost = 0; lost <= 7; lost++)
            for (int gained = 0; gained <= 7; gained++)
            {
                int trials = lost + gained, asUneven = 0;
                for (int outcome = 0; outcome < 1 << trials; outcome++)
                    if (Math.Abs(2 * int.PopCount(outcome) - trials) >= Math.Abs(lost - gained)) asUneven++;
                Assert.Equal((double)asUneven / (1 << trials), McNemarTest.PValue(lost, gained), 1e-12);
            }
    }

    [Fact]
    public void McNemar_of_many_problems_does_not_vanish()
    {
        Assert.Equal(1, McNemarTest.PValue(3000, 3000));
        Assert.InRange(McNemarTest.PValue(2900, 3100), 0.009, 0.011);
    }

    [Fact]
    public void The_bootstrap_agrees_with_the_normal_interval_and_repeats_itself()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => (i * 37 % 101) / 100.0)];
        double mean = values.Average(), half = 1.96 * Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);
        BootstrapInterval interval = BootstrapInterval.OfMean(values);
        Assert.Equal(mean - half, interval.Low, 0.15 * half);
        Assert.Equal(mean + half, interval.High, 0.15 * half);
        Assert.Equal(interval, BootstrapInterval.OfMean(values));
        Assert.Equal(new(2.5, 2.5), BootstrapInterval.OfMean([2.5, 2.5, 2.5]));
        Assert.Equal(new(0, 0), BootstrapInterval.OfMean([]));
    }

    [Fact]
    public void Regressions_and_gains_are_told_apart()
    {
        PairedOutcomes outcomes = PairedOutcomes.Of([("a", true, true), ("b", true, false), ("c", false, true), ("d", true, false), ("e", false, false)]);
        Assert.Equal(["c"], outcomes.Regressions);
        Assert.Equal(["b", "d"], outcomes.Gains);
        Assert.Equal(0.2, outcomes.AccuracyDifference, 1e-12);
        Assert.Equal(1, outcomes.PValue, 1e-12);
        Assert.InRange(outcomes.AccuracyDifference, outcomes.AccuracyInterval.Low, outcomes.AccuracyInterval.High);
    }
}
