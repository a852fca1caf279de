using Evolute.Runs;

namespace Evolute.Tests.Runs;

/// <summary>When validation has stood still.</summary>
public class PlateauTests
{
    [Theory]
    [InlineData(false, 0.3, 0.4, 0.5, 0.6)]
    [InlineData(false, 0.3, 0.6, 0.6)]
    [InlineData(true, 0.3, 0.6, 0.6, 0.6)]
    [InlineData(true, 0.3, 0.6, 0.61, 0.605)]
    [InlineData(false, 0.3, 0.6, 0.61, 0.62)]
    [InlineData(true, 0.6, 0.1, 0.2)]
    [InlineData(false, 0.6)]
    public void It_is_so_after_two_evaluations_within_the_noise(bool still, params double[] rewards) =>
        Assert.Equal(still, RunSchedule.HasPlateau(rewards.Select((r, i) => Result("validation", i, r)), Settings(2)));

    [Fact]
    public void The_test_split_and_runs_without_the_flag_know_no_plateau()
    {
        Assert.False(RunSchedule.HasPlateau(Enumerable.Range(0, 9).Select(i => Result("test", i, 0.5)), Settings(2)));
        Assert.False(RunSchedule.HasPlateau(Enumerable.Range(0, 9).Select(i => Result("validation", i, 0.5)), Settings(0)));
    }

    private static RunSettings Settings(int stopWhen) => new() { Model = "", Task = "countdown", EvalEvery = 1, StopWhen = stopWhen };

    /// <summary>One standard error at 0.6 of 1,000 is 0.0155.</summary>
    private static EvaluationResult Result(string split, int iteration, double reward) =>
        new(split, iteration, 1000, (int)Math.Round(1000 * reward), reward, new Dictionary<string, double>(), new Dictionary<string, double>(), 1, 0);
}
