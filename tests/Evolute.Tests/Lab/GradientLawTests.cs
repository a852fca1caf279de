using Evolute.Evolution;
using Evolute.Lab.Gradient;

namespace Evolute.Tests.Lab;

/// <summary>The cosine of an estimate with the gradient is √(n/(n + d)), as a mean and as the root of the mean square: n pairs, or N − 1 members, since rewards are centred by their mean.</summary>
public class GradientLawTests
{
    private const int Dimensions = 1000;

    [Theory]
    [InlineData("linear", 100, false)]
    [InlineData("linear", 100, true)]
    [InlineData("quadratic", 300, false)]
    [InlineData("quadratic", 300, true)]
    public void Estimates_follow_the_law(string function, int population, bool mirrored) => Check(function, population, mirrored, seeds: 40);

    [Fact(Explicit = true)]
    public void Estimates_follow_the_law_from_10_to_10000_members_over_500_seeds()
    {
        foreach (string function in (string[])["linear", "quadratic"])
            foreach (bool mirrored in (bool[])[false, true])
                foreach (int population in (int[])[10, 30, 100, 300, 1000, 3000, 10000])
                    Check(function, population, mirrored, seeds: 500);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("quadratic")]
    [InlineData("Rosenbrock")]
    [InlineData("Rastrigin")]
    public void Gradients_are_those_of_differences(string name)
    {
        TestFunction function = Function(name);
        float[] at = [0.25f, -0.5f, 0.75f, 0.125f];
        double[] gradient = function.Gradient(at);
        const float h = 1f / 1024;
        for (int i = 0; i < at.Length; i++)
        {
            float[] more = [.. at], less = [.. at];
            more[i] += h;
            less[i] -= h;
            Assert.Equal(gradient[i], (function.Value(more) - function.Value(less)) / (2 * h), 1e-2);
        }
    }

    private static void Check(string function, int population, bool mirrored, int seeds)
    {
        double[] cosines = GradientEstimate.Cosines(Function(function), Dimensions, new EvolutionSettings { Population = population, Mirrored = mirrored, Sigma = 1e-3 }, seeds);
        double law = GradientEstimate.Law(population, mirrored, Dimensions), mean = cosines.Average() / law, root = Math.Sqrt(cosines.Average(c => c * c)) / law;
        TestContext.Current.SendDiagnosticMessage("{0}, N = {1}, mirrored {2}: {3} seeds, the law {4:0.####}, mean {5:0.###} and root of the mean square {6:0.###} of it", function, population, mirrored, seeds, law, mean, root);
        Assert.InRange(root, 0.95, 1.05);
        // The mean of the root of n squares is 1 − 1/(4n) of √n: with the 5 directions of 5 pairs that alone is 5 %.
        double n = mirrored ? population / 2.0 : population - 1;
        Assert.InRange(mean / (n < 9 ? 1 - 1 / (4 * n) : 1), 0.95, 1.05);
    }

    private static TestFunction Function(string name) => TestFunction.All.Single(f => f.Name == name);
}
