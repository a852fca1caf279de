using Evolute.Runs;

namespace Evolute.Cli;

/// <summary>An evaluation as <c>--json</c> gives it.</summary>
internal static class EvaluationJson
{
    public static object Of(EvaluationResult result, string task) => new
    {
        Task = task,
        result.Split,
        N = result.Count,
        result.Accuracy,
        AccuracyInterval = (double[])[result.Interval.Low, result.Interval.High],
        RewardMean = result.Reward,
        result.Parts,
        result.Measures,
        result.Length,
        result.Truncated,
    };
}
