using System.Globalization;

namespace Evolute.Runs;

/// <summary>The table of results: one row a run.</summary>
public static class ReportTable
{
    /// <summary>The columns.</summary>
    public static IReadOnlyList<string> Headers { get; } = ["run", "task", "state", "base", "final", "iterations", "evaluations", "seconds", "KL", "‖Δθ‖"];

    /// <summary>A run's cells; what was not measured is a dash.</summary>
    public static IReadOnlyList<string> Row(ReportedRun run) =>
    [
        run.Name, run.Settings.Task, run.Finished ? "finished" : "not finished", Accuracy(run.Base), Accuracy(run.Final), Text(run.Points[^1].Iteration), run.Evaluations.ToString(CultureInfo.InvariantCulture),
        run.WallClockSeconds is { } seconds ? seconds.ToString("0.0", CultureInfo.InvariantCulture) : "–",
        run.Drift is [.., var last] ? last.Kl.ToString("0.#####", CultureInfo.InvariantCulture) : "–", run.Drift is [.., var end] ? end.Norm.ToString("0.###", CultureInfo.InvariantCulture) : "–",
    ];

    internal static string Text<T>(T number) where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Accuracy(EvaluationResult? r) => r is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * r.Accuracy:0.0} % ({100 * r.Interval.Low:0.0}–{100 * r.Interval.High:0.0})");
}
