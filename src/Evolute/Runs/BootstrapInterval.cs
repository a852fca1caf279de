using Evolute.Noise;

namespace Evolute.Runs;

/// <summary>
/// The 95 % interval of a mean by the percentile bootstrap (Efron 1979): means of 2,000 resamples with replacement. Draws are counter-based, so that the same values have the same
/// interval. For a difference of two models on the same prompts the values are the prompts' differences (paired).
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct BootstrapInterval(double Low, double High)
{
    private const int Resamples = 2000;

    private static readonly NoiseKey Key = new(0xB007_57A9, 1);

    /// <summary>Of the mean of <paramref name="values"/>, one a prompt; 0 to 0 where there are none.</summary>
    public static BootstrapInterval OfMean(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return new(0, 0);
        double[] means = new double[Resamples];
        Parallel.For(0, Resamples, r =>
        {
            double sum = 0;
            for (int i = 0; i < values.Count; i++) sum += values[(int)(((ulong)Key.Words((ulong)i, (ulong)r).W0 * (ulong)values.Count) >> 32)];
            means[r] = sum / values.Count;
        });
        Array.Sort(means);
        return new(means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1]);
    }
}
