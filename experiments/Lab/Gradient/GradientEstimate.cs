using Evolute.Evolution;
using Evolute.Models;

namespace Evolute.Lab.Gradient;

/// <summary>How well one update points along the gradient.</summary>
internal static class GradientEstimate
{
    /// <summary>The mean over the seeds 1, 2, … of the cosine between an update's direction and the gradient.</summary>
    /// <param name="function">What is maximised.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="settings">Population, noise, shaping and σ.</param>
    /// <param name="seeds">How many.</param>
    public static double MeanCosine(TestFunction function, int dimensions, EvolutionSettings settings, int seeds) => Cosines(function, dimensions, settings, seeds).Average();

    /// <summary>The cosines for the seeds 1, 2, ….</summary>
    /// <inheritdoc cref="MeanCosine"/>
    public static double[] Cosines(TestFunction function, int dimensions, EvolutionSettings settings, int seeds)
    {
        double[] cosines = new double[seeds];
        // Each seed has its own place, so that the order of the threads does not matter.
        Parallel.For(0, seeds, seed => cosines[seed] = Cosine(function, dimensions, settings with { Seed = (ulong)seed + 1 }));
        return cosines;
    }

    /// <summary>
    /// The law for a linear function: √(n/(n + d)), with n the pairs, or members less the one that the mean takes. It is the root of the mean square; the mean of the cosines is lower where n is
    /// small, by 1/(4n) of it.
    /// </summary>
    public static double Law(int population, bool mirrored, int dimensions)
    {
        double n = mirrored ? population / 2 : population - 1;
        return Math.Sqrt(n / (n + dimensions));
    }

    private static double Cosine(TestFunction function, int dimensions, EvolutionSettings settings)
    {
        float[] start = [.. Enumerable.Range(0, dimensions).Select(i => (float)(0.3 + 0.2 * Math.Sin(1 + 1.7 * i)))];
        int columns = (int)Math.Sqrt(dimensions);
        while (dimensions % columns != 0) columns--;
        using VectorEvolution strategy = new(start, settings with { LearningRate = 1, Iterations = 1 }, [new TensorSpec("matrix", [dimensions / columns, columns])]);
        double[] rewards = new double[settings.Population];
        float[] at = new float[dimensions];
        foreach (VectorCandidate candidate in strategy.Ask())
        {
            candidate.CopyTo(at);
            rewards[candidate.Member] = function.Value(at);
        }
        strategy.Tell(rewards);
        strategy.CopyTo(at);
        double[] gradient = function.Gradient(start);
        double product = 0, squares = 0, gradientSquares = 0;
        for (int i = 0; i < at.Length; i++)
        {
            double step = (double)at[i] - start[i];
            product += step * gradient[i];
            squares += step * step;
            gradientSquares += gradient[i] * gradient[i];
        }
        return squares == 0 ? 0 : product / Math.Sqrt(squares * gradientSquares);
    }
}
