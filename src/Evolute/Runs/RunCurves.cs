using System.Globalization;

namespace Evolute.Runs;

/// <summary>From a run's history to its picture.</summary>
internal static class RunCurves
{
    public static void Write(string path, RunHistory history, RunSettings settings, IReadOnlyList<DriftEntry> drift)
    {
        CurvePoint[] points = [.. Enumerable.Range(0, history.LastIteration + 1).Select(i => Point(history, drift, i))];
        Curves.Write(path, points, string.Create(CultureInfo.InvariantCulture, $"{settings.Task}: {Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Model))}, population {settings.Evolution.Population}, seed {settings.Evolution.Seed}"));
    }

    private static CurvePoint Point(RunHistory history, IReadOnlyList<DriftEntry> drift, int i)
    {
        IReadOnlyList<double>? rewards = i == 0 ? null : history.Iterations[i - 1].Rewards;
        return new(i, rewards?.Average(), rewards?.Max(), history.Evaluation(Splits.Test, i)?.Accuracy, history.Evaluation(Splits.Validation, i)?.Accuracy, drift.FirstOrDefault(d => d.Iteration == i)?.Kl);
    }
}
