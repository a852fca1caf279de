using Evolute.Generation;
using Evolute.Runs;

namespace Evolute.Cli;

/// <summary>Evaluations as <c>--json</c> gives them.</summary>
internal static class EvaluationJson
{
    public static object Of(EvaluationResult result, string task) => Fields(result, task);

    /// <summary>One model's measurement: the evaluation, pass@k and maj@k where answers were sampled, and a text's perplexity where one was given.</summary>
    public static OrderedDictionary<string, object?> Of(ModelMeasurement measurement, string task, TextPerplexity? perplexity = null)
    {
        OrderedDictionary<string, object?> fields = Fields(measurement.Result, task);
        if (perplexity is not null) fields["perplexity"] = new { perplexity.Value, perplexity.Tokens, perplexity.Window, perplexity.Stride };
        if (measurement.Sampling is not { } sampling) return fields;
        fields["samples"] = sampling.Samples;
        fields["sample_temperature"] = sampling.Temperature;
        fields["pass_at"] = Shares(sampling.PassAt);
        fields["maj_at"] = Shares(sampling.MajorityAt);
        return fields;
    }

    /// <summary>A comparison: the tuned model's fields, the base's under <c>base</c>, and what lies between them.</summary>
    public static OrderedDictionary<string, object?> Of(ModelComparison comparison, string task)
    {
        OrderedDictionary<string, object?> fields = Of(comparison.Tuned, task);
        fields["base"] = Of(comparison.Base, task);
        fields["accuracy_difference"] = comparison.Outcomes.AccuracyDifference;
        fields["accuracy_difference_interval"] = Pair(comparison.Outcomes.AccuracyInterval);
        fields["mcnemar_p"] = comparison.Outcomes.PValue;
        fields["regressions"] = new { comparison.Outcomes.Regressions.Count, Ids = comparison.Outcomes.Regressions };
        fields["gains"] = new { comparison.Outcomes.Gains.Count, Ids = comparison.Outcomes.Gains };
        fields["length_difference"] = comparison.LengthDifference;
        fields["length_difference_interval"] = Pair(comparison.LengthInterval);
        DivergenceResult kl = comparison.Divergence;
        fields["kl"] = new { kl.Mean, Interval = Pair(kl.Interval), kl.TokenMean, kl.Prompts, kl.Tokens };
        if (comparison is { TunedPerplexity: { } tuned, BasePerplexity: { } other }) fields["perplexity"] = Perplexity(tuned, other);
        WeightDistance weights = comparison.Weights;
        fields["weights"] = new { weights.Norm, weights.Relative, weights.Changed, weights.Tensors };
        return fields;
    }

    private static object Perplexity(TextPerplexity tuned, TextPerplexity other) => new { Tuned = tuned.Value, Base = other.Value, tuned.Tokens, tuned.Window, tuned.Stride };

    private static object[] Shares(IReadOnlyList<ShareAt> shares) => [.. shares.Select(s => new { s.K, s.Value, Interval = Pair(s.Interval) })];

    private static double[] Pair(BootstrapInterval interval) => [interval.Low, interval.High];

    private static OrderedDictionary<string, object?> Fields(EvaluationResult result, string task) => new()
    {
        ["task"] = task,
        ["split"] = result.Split,
        ["n"] = result.Count,
        ["accuracy"] = result.Accuracy,
        ["accuracy_interval"] = (double[])[result.Interval.Low, result.Interval.High],
        ["reward_mean"] = result.Reward,
        ["parts"] = result.Parts,
        ["measures"] = result.Measures,
        ["length"] = result.Length,
        ["truncated"] = result.Truncated,
    };
}
