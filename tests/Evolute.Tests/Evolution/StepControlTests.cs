using Evolute.Evolution;

namespace Evolute.Tests.Evolution;

/// <summary>What moves σ and α from iteration to iteration.</summary>
public class StepControlTests
{
    private static readonly EvolutionSettings Both = new() { AutoSigma = true, AutoLearningRate = true };

    [Fact]
    public void Without_a_past_the_learning_rate_is_half_of_sigma() => Assert.Equal(new StepSizes(0.02, 0.01), StepControl.After(Both, 0.02, []));

    [Fact]
    public void A_healthy_past_leaves_both() =>
        Assert.Equal(new StepSizes(0.02, 0.01), StepControl.After(Both, 0.02, [.. Enumerable.Range(0, 20).Select(i => Seen(0.3 + 0.01 * i, standing: 0.5, changed: 0.1))]));

    [Fact]
    public void Sigma_goes_down_where_perturbations_harm_and_the_learning_rate_with_it()
    {
        StepObservation[] past = [.. Enumerable.Repeat(Seen(0.5, standing: 2, changed: 0.3), 3)];
        Assert.Equal(0.02, StepControl.After(Both, 0.02, past[..2]).Sigma);
        Assert.Equal(0.02 / Math.Sqrt(2), StepControl.After(Both, 0.02, past).Sigma, 12);
        Assert.Equal(0.01 / Math.Sqrt(2), StepControl.After(Both, 0.02, past).LearningRate, 12);
        Assert.Equal(0.02, StepControl.After(Both with { AutoSigma = false }, 0.02, past).Sigma);
    }

    [Fact]
    public void Sigma_goes_up_where_almost_nothing_changes() =>
        Assert.Equal(0.02 * Math.Sqrt(2), StepControl.After(Both, 0.02, [.. Enumerable.Repeat(Seen(0.5, standing: 0, changed: 0.01), 3)]).Sigma, 12);

    [Fact]
    public void Sigma_stays_within_sixteen_times() =>
        Assert.Equal(0.02 / 16, StepControl.After(Both, 0.02, [.. Enumerable.Repeat(Seen(0.5, standing: 9, changed: 0.5), 90)]).Sigma, 12);

    [Fact]
    public void The_learning_rate_is_halved_where_progress_turns()
    {
        StepObservation[] past = [.. Enumerable.Range(0, 10).Select(i => Seen(i < 5 ? 0.6 : 0.5, standing: 0.5, changed: 0.1))];
        Assert.Equal(0.01, StepControl.After(Both, 0.02, past[..9]).LearningRate);
        Assert.Equal(0.005, StepControl.After(Both, 0.02, past).LearningRate);
        Assert.Equal(0.02, StepControl.After(Both, 0.02, past).Sigma);
    }

    private static StepObservation Seen(double center, double standing, double changed) => new(center, [center - 0.1 * standing + 0.1, center - 0.1 * standing - 0.1], changed);
}
