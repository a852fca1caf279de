using Evolute.Evolution;
using Evolute.Noise;

namespace Evolute.Lab.Gradient;

/// <summary>How the estimate of the gradient depends on the population, the dimension, σ, mirroring and shaping, beside the theory.</summary>
internal static class GradientExperiment
{
    private const int Seeds = 60, Dimensions = 1000;
    private const double SmallSigma = 1e-3;

    private static readonly int[] Populations = [10, 30, 100, 300, 1000, 3000];

    private static readonly (string Name, EvolutionSettings Settings)[] Forms =
    [
        ("plain", new()),
        ("mirrored", new() { Mirrored = true }),
        ("plain, ranks", new() { Shaping = Shaping.CenteredRanks }),
        ("mirrored, ranks", new() { Mirrored = true, Shaping = Shaping.CenteredRanks }),
        ("mirrored, sign", new() { Mirrored = true, Shaping = Shaping.Sign }),
    ];

    /// <summary>Runs everything.</summary>
    public static void Run(string folder)
    {
        Table all = new("function", "form", "d", "sigma", "N", "cosine", "law");
        ByPopulation(folder, all);
        ByNoiseForm(folder, all);
        ByDimension(folder, all);
        BySigma(folder, all);
        all.WriteCsv(Path.Combine(folder, "gradient.csv"));
    }

    private static void ByPopulation(string folder, Table all)
    {
        Table table = new(["N", "law, plain", .. Forms.Select(f => f.Name), "law, mirrored"]);
        List<double>[] cosines = [.. Forms.Select(_ => new List<double>())];
        foreach (int population in Populations)
        {
            for (int f = 0; f < Forms.Length; f++) cosines[f].Add(Measure(all, TestFunction.Linear, Forms[f], Dimensions, SmallSigma, population));
            table.Add([population, Law(false), .. cosines.Select(c => (object)c[^1]), Law(true)]);

            double Law(bool mirrored) => GradientEstimate.Law(population, mirrored, Dimensions);
        }
        table.Print();
        double[] x = [.. Populations.Select(p => (double)p)];
        Series Theory(bool mirrored) => new(mirrored ? "law, n = N/2" : "law, n = N − 1", x, [.. Populations.Select(p => GradientEstimate.Law(p, mirrored, Dimensions))], IsTheory: true);
        Figure.Write(
            Path.Combine(folder, "gradient-population.png"), $"Linear function, d = {Dimensions}", "population N", "cosine with the gradient",
            [.. Forms.Select((f, i) => new Series(f.Name, x, cosines[i])), Theory(false), Theory(true)], logarithmicX: true);
    }

    /// <summary>Forms that see the vector as a matrix, or split it.</summary>
    private static void ByNoiseForm(string folder, Table all)
    {
        (string Name, EvolutionSettings Settings)[] forms =
        [
            ("full", new()),
            ("low-rank, r = 1", new() { Noise = NoiseKind.LowRank(1) }),
            ("low-rank, r = 4", new() { Noise = NoiseKind.LowRank(4) }),
            ("subspace, K = 2", new() { Noise = NoiseKind.Subspace(2) }),
            ("subspace, K = 10", new() { Noise = NoiseKind.Subspace(10) }),
        ];
        Table table = new(["N", "law", .. forms.Select(f => f.Name)]);
        List<double>[] cosines = [.. forms.Select(_ => new List<double>())];
        foreach (int population in Populations)
        {
            for (int f = 0; f < forms.Length; f++) cosines[f].Add(Measure(all, TestFunction.Linear, forms[f], Dimensions, SmallSigma, population));
            table.Add([population, GradientEstimate.Law(population, false, Dimensions), .. cosines.Select(c => (object)c[^1])]);
        }
        table.Print();
        double[] x = [.. Populations.Select(p => (double)p)];
        Figure.Write(
            Path.Combine(folder, "gradient-forms.png"), $"Linear function of a matrix, d = {Dimensions}", "population N", "cosine with the gradient",
            [.. forms.Select((f, i) => new Series(f.Name, x, cosines[i])), new("law, n = N − 1", x, [.. Populations.Select(p => GradientEstimate.Law(p, false, Dimensions))], true)], logarithmicX: true);
    }

    private static void ByDimension(string folder, Table all)
    {
        int[] dimensions = [10, 100, 1000, 10000];
        const int population = 100;
        Table table = new(["d", "law, plain", .. Forms[..2].Select(f => f.Name), "law, mirrored"]);
        List<double>[] cosines = [[], []];
        foreach (int d in dimensions)
        {
            for (int f = 0; f < 2; f++) cosines[f].Add(Measure(all, TestFunction.Linear, Forms[f], d, SmallSigma, population));
            table.Add(d, GradientEstimate.Law(population, false, d), cosines[0][^1], cosines[1][^1], GradientEstimate.Law(population, true, d));
        }
        table.Print();
        double[] x = [.. dimensions.Select(d => (double)d)];
        Figure.Write(
            Path.Combine(folder, "gradient-dimension.png"), $"Linear function, N = {population}", "dimensions d", "cosine with the gradient",
            [
                new(Forms[0].Name, x, cosines[0]), new(Forms[1].Name, x, cosines[1]),
                new("law, n = N − 1", x, [.. dimensions.Select(d => GradientEstimate.Law(population, false, d))], true),
                new("law, n = N/2", x, [.. dimensions.Select(d => GradientEstimate.Law(population, true, d))], true),
            ], logarithmicX: true);
    }

    private static void BySigma(string folder, Table all)
    {
        double[] sigmas = [1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1];
        const int population = 300;
        List<Series> series = [];
        Table table = new(["function", "form", .. sigmas.Select(s => "σ = " + s.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        foreach (TestFunction function in TestFunction.All)
            foreach (var form in Forms[..2])
            {
                double[] cosines = [.. sigmas.Select(sigma => Measure(all, function, form, Dimensions, sigma, population))];
                series.Add(new($"{function.Name}, {form.Name}", sigmas, cosines));
                table.Add([function.Name, form.Name, .. cosines.Select(c => (object)c)]);
            }
        table.Print();
        Figure.Write(Path.Combine(folder, "gradient-sigma.png"), $"d = {Dimensions}, N = {population}", "σ", "cosine with the gradient", series, logarithmicX: true);
    }

    private static double Measure(Table all, TestFunction function, (string Name, EvolutionSettings Settings) form, int dimensions, double sigma, int population)
    {
        double cosine = GradientEstimate.MeanCosine(function, dimensions, form.Settings with { Population = population, Sigma = sigma }, Seeds);
        all.Add(function.Name, '"' + form.Name + '"', dimensions, sigma, population, cosine, GradientEstimate.Law(population, form.Settings.Mirrored, dimensions));
        return cosine;
    }
}
