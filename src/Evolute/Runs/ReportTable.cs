using System.Globalization;

namespace Evolute.Runs;

/// <summary>The table of results: one row a run.</summary>
public static class ReportTable
{
    /// <summary>What stands for nothing.</summary>
    public const string Absent = "–";

    /// <summary>The columns: target score, forgetting, cost.</summary>
    public static IReadOnlyList<string> Headers { get; } = ["run", "task", "state", "base", "final", "KL", "‖Δθ‖", "iterations", "evaluations", "seconds"];

    /// <summary>What the columns hold.</summary>
    public const string Legend =
        "base and final: accuracy on test problems with its 95 % interval; KL: nats a token to the base, and ‖Δθ‖, at the iteration in brackets (measured by train --drift-every); evaluations: answers asked for; seconds: of the iterations.";

    /// <summary>A run's cells; what was not measured is a dash.</summary>
    public static IReadOnlyList<string> Row(ReportedRun run) =>
    [
        run.Name, run.Settings.Task, run.Finished ? "finished" : "not finished", Accuracy(run.Base), Accuracy(run.Final),
        run.DriftOfResult is { } kl ? string.Create(CultureInfo.InvariantCulture, $"{kl.Kl:0.#####} ({kl.Iteration})") : Absent,
        run.DriftOfResult is { } drift ? drift.Norm.ToString("0.###", CultureInfo.InvariantCulture) : Absent,
        Text(run.Points[^1].Iteration), Text(run.Evaluations), run.WallClockSeconds is { } seconds ? seconds.ToString("0.0", CultureInfo.InvariantCulture) : Absent,
    ];

    internal static string Text<T>(T number) where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Accuracy(EvaluationResult? r) => r is null ? Absent : string.Create(CultureInfo.InvariantCulture, $"{100 * r.Accuracy:0.0} % ({100 * r.Interval.Low:0.0}–{100 * r.Interval.High:0.0})");
}
