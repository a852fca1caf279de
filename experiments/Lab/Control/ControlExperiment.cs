namespace Evolute.Lab.Control;

/// <summary>Episodes and steps until control tasks are solved, over ten seeds.</summary>
internal static class ControlExperiment
{
    private const int Seeds = 10;

    /// <summary>Runs everything.</summary>
    public static void Run(string folder)
    {
        PrintRecipes();
        Table runs = new("task", "settings", "seed", "passed", "solved", "episodes", "steps", "return", "confirmed"), curves = new("task", "settings", "seed", "episodes", "return");
        Table table = new("task", "settings", "solved at", "passed: seeds", "episodes", "solved: seeds", "episodes: quartile", "median", "quartile", "steps: median", "last return: least", "most");
        foreach (ControlRecipe recipe in ControlRecipe.All)
        {
            ControlTask task = recipe.Create();
            ControlOutcome[] outcomes = [.. Enumerable.Range(1, Seeds).Select(seed => ControlTraining.Run(recipe, (ulong)seed, Environment.ProcessorCount))];
            for (int s = 0; s < Seeds; s++)
            {
                ControlOutcome o = outcomes[s];
                runs.Add(task.Name, recipe.Name, s + 1, (object?)o.Passed ?? "", o.Solved, o.Episodes, o.Steps, o.Curve[^1].Return, (object?)o.Confirmed ?? "");
                foreach (var (made, mean) in o.Curve) curves.Add(task.Name, recipe.Name, s + 1, made, mean);
            }
            double[] passed = Costs(outcomes, o => o.Passed), episodes = Costs(outcomes, o => o.Solved ? o.Episodes : null), steps = Costs(outcomes, o => o.Solved ? o.Steps : null);
            double[] last = [.. outcomes.Select(o => o.Confirmed ?? o.Curve[^1].Return).Order()];
            table.Add(
                task.Name, recipe.Name, task.Solved, outcomes.Count(o => o.Passed is not null), Quantile(passed, 2),
                outcomes.Count(o => o.Solved), Quantile(episodes, 1), Quantile(episodes, 2), Quantile(episodes, 3), Quantile(steps, 2), last[0], last[^1]);
            // A task's last recipe is the one that is drawn.
            if (recipe == ControlRecipe.All.Last(r => r.Create().Name == task.Name)) Draw(folder, task, outcomes);
            // After every recipe, so that what was measured is there if the rest is interrupted.
            table.Print();
            runs.WriteCsv(Path.Combine(folder, "control.csv"));
            curves.WriteCsv(Path.Combine(folder, "control-curves.csv"));
        }
    }

    private static void PrintRecipes()
    {
        Table table = new("task", "settings", "policy", "members", "episodes a member", "σ", "α", "most iterations");
        foreach (ControlRecipe r in ControlRecipe.All)
            table.Add(r.Create().Name, r.Name, r.IsOdd ? "odd" : "plain", r.Settings.Population, r.Episodes, r.Settings.Sigma, r.Settings.LearningRate, r.Settings.Iterations);
        table.Print();
    }

    private static void Draw(string folder, ControlTask task, ControlOutcome[] outcomes) => Figure.Write(
        Path.Combine(folder, $"control-{task.Name.ToLowerInvariant()}.png"), $"{task.Name}, ten seeds", "episodes", "mean return over 100 episodes",
        [.. outcomes.Select((o, s) => new Series($"seed {s + 1}", [.. o.Curve.Select(c => (double)c.Episodes)], [.. o.Curve.Select(c => c.Return)]))]);

    /// <summary>What trainings cost, least first; one that did not get there counts as infinitely dear.</summary>
    public static double[] Costs(ControlOutcome[] outcomes, Func<ControlOutcome, double?> cost) => [.. outcomes.Select(o => cost(o) ?? double.PositiveInfinity).Order()];

    /// <summary>A quartile by linear interpolation.</summary>
    public static double Quantile(double[] sorted, int quarter)
    {
        double at = (sorted.Length - 1) * quarter / 4.0;
        int below = (int)at;
        return below + 1 == sorted.Length || at == below ? sorted[below] : double.IsInfinity(sorted[below + 1]) ? sorted[below + 1] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
