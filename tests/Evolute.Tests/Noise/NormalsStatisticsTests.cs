using Evolute.Noise;

namespace Evolute.Tests.Noise;

/// <summary>A long check of the noise's statistics, run by name: <c>dotnet test -c Release -- --explicit only --filter-class "*NormalsStatisticsTests"</c>.</summary>
public class NormalsStatisticsTests
{
    [Fact(Explicit = true)]
    public void A_hundred_million_normals_have_the_moments_the_tails_and_the_independence_of_normals()
    {
        const long count = 100_000_000;
        const int block = 1 << 16;
        float[] z = new float[block];
        double sum = 0, sum2 = 0, sum3 = 0, sum4 = 0, lag1 = 0, lag8 = 0, lag16 = 0, neighbours = 0;
        long beyond4 = 0;
        const int bins = 1000;
        long[] histogram = new long[bins];
        float[] other = new float[block];
        long n = 0;
        for (uint pair = 0; n < count; pair++)
        {
            NoiseKey key = NoiseKey.Of(12345, 1, pair, NoiseDomain.Perturbation);
            Normals.Fill(key, 42, 0, z);
            Normals.Fill(NoiseKey.Of(12345, 1, pair + 1, NoiseDomain.Perturbation), 42, 0, other);
            for (int i = 0; i < block; i++)
            {
                double x = z[i];
                sum += x; sum2 += x * x; sum3 += x * x * x; sum4 += x * x * x * x;
                neighbours += x * other[i];
                if (i >= 16) { lag1 += x * z[i - 1]; lag8 += x * z[i - 8]; lag16 += x * z[i - 16]; }
                if (Math.Abs(x) > 4) beyond4++;
                histogram[(int)(NormalDistribution(x) * bins * (1 - 1e-12))]++;
            }
            n += block;
        }
        double root = Math.Sqrt(n);
        AssertWithin(5, sum / n * root);
        AssertWithin(5, (sum2 / n - 1) * root / Math.Sqrt(2));
        AssertWithin(5, sum3 / n * root / Math.Sqrt(15));
        AssertWithin(5, (sum4 / n - 3) * root / Math.Sqrt(96));
        AssertWithin(5, lag1 / root);
        AssertWithin(5, lag8 / root);
        AssertWithin(5, lag16 / root);
        AssertWithin(5, neighbours / root);
        double expectedTail = n * 6.334248366623996e-05;
        AssertWithin(5, (beyond4 - expectedTail) / Math.Sqrt(expectedTail));
        double chi2 = histogram.Sum(h => (h - (double)n / bins) * (h - (double)n / bins) / ((double)n / bins));
        AssertWithin(5, (chi2 - (bins - 1)) / Math.Sqrt(2 * (bins - 1)));
    }

    private static void AssertWithin(double sigmas, double deviation) =>
        Assert.True(Math.Abs(deviation) < sigmas, $"{deviation:F2} standard errors off");

    /// <summary>Φ by its series for the middle and a continued fraction for the tails, to about 1e-14.</summary>
    private static double NormalDistribution(double x)
    {
        double a = Math.Abs(x), density = Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI), upper;
        if (a < 3)
        {
            double term = a, series = a;
            for (int k = 1; k < 60; k++) { term *= a * a / (2 * k + 1); series += term; }
            upper = 0.5 - density * series;
        }
        else
        {
            double fraction = 0;
            for (int k = 60; k > 0; k--) fraction = k / (a + fraction);
            upper = density / (a + fraction);
        }
        return x > 0 ? 1 - upper : upper;
    }
}
