namespace Evolute.Lab.Control;

/// <summary>What the pendulum's settings were chosen by: a grid over seeds that the experiment does not report.</summary>
internal static class ControlTuning
{
    private const int FirstSeed = 101, Seeds = 6;

    private static readonly (double Sigma, double Alpha)[] Steps = [(0.3, 0.1), (0.8, 0.4), (1.2, 0.6), (2, 1)];

    /// <summary>Runs the grid.</summary>
    public static void Run(string folder)
    {
        Table table = new("policy", "episodes a member", "σ", "α", "seeds solved", "episodes: least", "median", "most");
        foreach (var (odd, episodes) in new[] { (false, 4), (true, 4), (true, 2), (true, 1) })
            foreach (var (sigma, alpha) in Steps)
            {
                ControlRecipe recipe = new("tuning", () => new Pendulum(), ControlRecipe.Common with { Sigma = sigma, LearningRate = alpha }, episodes, odd);
                ControlOutcome[] outcomes = [.. Enumerable.Range(FirstSeed, Seeds).Select(seed => ControlTraining.Run(recipe, (ulong)seed, Environment.ProcessorCount))];
                double[] made = ControlExperiment.Costs(outcomes, o => o.Solved ? o.Episodes : null);
                table.Add(odd ? "odd" : "plain", episodes, sigma, alpha, outcomes.Count(o => o.Solved), made[0], ControlExperiment.Quantile(made, 2), made[^1]);
            }
        table.Print();
        table.WriteCsv(Path.Combine(folder, "control-tuning.csv"));
    }
}
