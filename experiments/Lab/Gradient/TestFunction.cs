namespace Evolute.Lab.Gradient;

/// <summary>A function to maximise, with its gradient, both in float64.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">f(x).</param>
/// <param name="Gradient">∇f(x).</param>
internal sealed record TestFunction(string Name, Func<float[], double> Value, Func<float[], double[]> Gradient)
{
    /// <summary>gᵀx with gᵢ from −1 to 1.</summary>
    public static TestFunction Linear { get; } = new("linear", x => Sum(x, i => Slope(i) * x[i]), x => Each(x, Slope));

    /// <summary>−½ Σ (1 + i mod 10)·xᵢ².</summary>
    public static TestFunction Quadratic { get; } = new("quadratic", x => -0.5 * Sum(x, i => Curvature(i) * x[i] * x[i]), x => Each(x, i => -Curvature(i) * x[i]));

    /// <summary>−Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
    public static TestFunction Rosenbrock { get; } = new("Rosenbrock", x => -Sum(x, i => i + 1 == x.Length ? 0 : 100 * Square(Valley(x, i)) + Square(1 - x[i])), x => Each(x, i =>
    {
        double slope = 0;
        if (i + 1 < x.Length) slope += 400 * Valley(x, i) * x[i] + 2 * (1 - x[i]);
        if (i > 0) slope -= 200 * Valley(x, i - 1);
        return slope;
    }));

    /// <summary>−Σ 10 + xᵢ² − 10·cos 2πxᵢ.</summary>
    public static TestFunction Rastrigin { get; } = new(
        "Rastrigin", x => -Sum(x, i => 10 + Square(x[i]) - 10 * Math.Cos(2 * Math.PI * x[i])), x => Each(x, i => -2 * x[i] - 20 * Math.PI * Math.Sin(2 * Math.PI * x[i])));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TestFunction> All { get; } = [Linear, Quadratic, Rosenbrock, Rastrigin];

    private static double Slope(int i) => (i * 37 % 101 - 50) / 50.0;

    private static double Curvature(int i) => 1 + i % 10;

    private static double Valley(float[] x, int i) => x[i + 1] - Square(x[i]);

    private static double Square(double v) => v * v;

    private static double Sum(float[] x, Func<int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += term(i);
        return sum;
    }

    private static double[] Each(float[] x, Func<int, double> slope)
    {
        double[] gradient = new double[x.Length];
        for (int i = 0; i < gradient.Length; i++) gradient[i] = slope(i);
        return gradient;
    }
}
