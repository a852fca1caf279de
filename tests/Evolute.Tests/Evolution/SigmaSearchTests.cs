using Evolute.Evolution;

namespace Evolute.Tests.Evolution;

/// <summary>Calibration finds the edge of a landscape whose edge is known, whatever the guess and the reward's scale.</summary>
public class SigmaSearchTests
{
    /// <summary>
    /// On f(θ + σε) = f + σ·g·x − σ²·h/2 with x normal, the unperturbed weights stand σ·h/(2g) deviations above: the edge is 4g/h and σ a third of it.
    /// Two bisections leave √2; sixteen members leave an error with tails, so that the cases are always the same ones and the claim is about their quantiles.
    /// </summary>
    [Fact]
    public void The_edge_of_a_quadratic_is_found_from_guesses_a_hundred_times_wrong()
    {
        Random random = new(1);
        double Log(double limit) => (2 * random.NextDouble() - 1) * limit;
        double[] found = new double[2000];
        for (int i = 0; i < found.Length; i++)
        {
            double edge = Math.Pow(10, Log(3)), g = Math.Pow(10, Log(3)), h = 4 * g / edge, offset = Log(50);
            (SearchState end, int probes) = Search(edge / 3 * Math.Pow(10, Log(2)), sigma => (offset, [.. Enumerable.Range(0, 16).Select(_ => offset + sigma * g * Normal(random) - sigma * sigma * h / 2)]));
            Assert.True(end.Found);
            Assert.InRange(probes, 3, SigmaSearch.MaxProbes);
            found[i] = end.Sigma / (edge / 3);
        }
        Array.Sort(found);
        Assert.InRange(found[0], 0.1, 1);
        Assert.InRange(found[found.Length / 100], 0.45, 1);
        Assert.InRange(found[found.Length / 2], 0.85, 1.15);
        Assert.InRange(found[found.Length * 99 / 100], 1, 2.8);
        Assert.InRange(found[^1], 1, 10);
    }

    [Fact]
    public void Members_that_all_break_alike_are_beyond_the_edge_and_unchanged_ones_are_not()
    {
        Assert.True(new Probe(1, 1, 0.5, [0, 0, 0, 0]).Standing > 100);
        Assert.Equal(0, new Probe(1, 1, 0.5, [0.5, 0.5, 0.5, 0.5]).Standing);
        (SearchState end, _) = Search(100, sigma => (0.5, [.. Enumerable.Repeat(sigma > 1 ? 0.0 : 0.5, 8)]));
        Assert.True(end.Found);
        Assert.InRange(end.Sigma, 0.25, 0.5);
    }

    [Theory]
    [InlineData(0.01), InlineData(1e-30), InlineData(1e6)]
    public void Where_nothing_ever_harms_the_guess_stays(double guess)
    {
        (SearchState end, int probes) = Search(guess, _ => (0, [0, 0, 0, 0]));
        Assert.Equal((guess, false), (end.Sigma, end.Found));
        Assert.InRange(probes, 1, SigmaSearch.MaxProbes);
    }

    [Fact]
    public void Where_everything_harms_the_guess_stays()
    {
        (SearchState end, _) = Search(0.01, _ => (1, [0, 0, 0, 0]));
        Assert.Equal((0.01, false), (end.Sigma, end.Found));
    }

    private static (SearchState End, int Probes) Search(double guess, Func<double, (double Center, double[] Rewards)> population)
    {
        List<Probe> probes = [];
        SearchState state;
        while (!(state = SigmaSearch.After(guess, probes)).Done)
        {
            (double center, double[] rewards) = population(state.Sigma);
            probes.Add(new(probes.Count + 1, state.Sigma, center, rewards));
        }
        return (state, probes.Count);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
