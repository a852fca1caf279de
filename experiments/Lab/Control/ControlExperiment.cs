using Evolute.Evolution;

namespace Evolute.Lab.Control;

/// <summary>Episodes and steps until control tasks are solved, over ten seeds.</summary>
internal static class ControlExperiment
{
    private const int Seeds = 10;

    /// <summary>The tasks with their episodes a member, and what differs from the common settings.</summary>
    public static IReadOnlyList<(Func<ControlTask> Create, int Episodes, EvolutionSettings Settings)> Tasks { get; } =
    [
        (() => new CartPole(), 1, ControlTraining.Settings),
        (() => new Acrobot(), 1, ControlTraining.Settings),
        (() => new Pendulum(), 4, ControlTraining.Settings with { Iterations = 120 }),
    ];

    /// <summary>Runs everything.</summary>
    public static void Run(string folder)
    {
        Table runs = new("task", "seed", "solved", "episodes", "steps", "return"), curves = new("task", "seed", "episodes", "return");
        Table table = new("task", "solved at", "seeds solved", "episodes: quartile", "median", "quartile", "steps: quartile", "median", "quartile");
        foreach (var (create, episodes, settings) in Tasks)
        {
            ControlTask task = create();
            ControlOutcome[] outcomes = [.. Enumerable.Range(1, Seeds).Select(seed => ControlTraining.Run(create, settings with { Seed = (ulong)seed }, episodes, Environment.ProcessorCount))];
            for (int s = 0; s < Seeds; s++)
            {
                ControlOutcome o = outcomes[s];
                runs.Add(task.Name, s + 1, o.Solved, o.Episodes, o.Steps, o.Curve[^1].Return);
                foreach (var (made, mean) in o.Curve) curves.Add(task.Name, s + 1, made, mean);
            }
            double[] made2 = [.. outcomes.Select(o => o.Solved ? o.Episodes : double.PositiveInfinity).Order()], steps = [.. outcomes.Select(o => o.Solved ? o.Steps : double.PositiveInfinity).Order()];
            table.Add(task.Name, task.Solved, outcomes.Count(o => o.Solved), Quantile(made2, 1), Quantile(made2, 2), Quantile(made2, 3), Quantile(steps, 1), Quantile(steps, 2), Quantile(steps, 3));
            Figure.Write(
                Path.Combine(folder, $"control-{task.Name.ToLowerInvariant()}.png"), $"{task.Name}, ten seeds", "episodes", "mean return over 100 episodes",
                [.. outcomes.Select((o, s) => new Series($"seed {s + 1}", [.. o.Curve.Select(c => (double)c.Episodes)], [.. o.Curve.Select(c => c.Return)]))]);
            // After every task, so that what was measured is there if the rest is interrupted.
            table.Print();
            runs.WriteCsv(Path.Combine(folder, "control.csv"));
            curves.WriteCsv(Path.Combine(folder, "control-curves.csv"));
        }
    }

    /// <summary>A quartile by linear interpolation; a training that did not solve its task counts as infinitely long.</summary>
    private static double Quantile(double[] sorted, int quarter)
    {
        double at = (sorted.Length - 1) * quarter / 4.0;
        int below = (int)at;
        return below + 1 == sorted.Length || at == below ? sorted[below] : double.IsInfinity(sorted[below + 1]) ? sorted[below + 1] : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }
}
