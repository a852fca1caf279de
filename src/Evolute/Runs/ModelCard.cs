using System.Globalization;
using System.Text;
using System.Text.Json;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Noise;

namespace Evolute.Runs;

/// <summary>The README.md of a result: what it is, what was measured, how to make it again.</summary>
internal static class ModelCard
{
    public static string Of(RunSummary run, RunSettings settings)
    {
        EvolutionSettings e = settings.Evolution;
        StringBuilder card = new();
        void Line(FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        string name = settings.HubModel?.Split('@')[0] ?? System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(settings.Model));
        Line($"# {name}, tuned for {settings.Task}");
        Line($"");
        Line($"Fine-tuned with evolution strategies (arXiv 2509.24372) by Evolute {settings.Version}: {run.Chosen} updates of a population of {e.Population}, σ = {e.Sigma}, learning rate {e.LearningRate} ({e.Schedule.ToString().ToLowerInvariant()}), {e.Prompts} prompts an iteration, seed {e.Seed}.");
        if (Variations(e) is { Count: > 0 } variations) Line($"Beyond the plain method: {string.Join("; ", variations)}.");
        if (settings.EvalEvery > 0) Line($"Of {run.Iterations} iterations, number {run.Chosen} was chosen by reward on {settings.EvalProblems} validation problems; the test problems chose nothing.");
        Line($"");
        Line($"## Measured on {run.Final.Count} test problems that no training saw");
        Line($"");
        Line($"| | base | this model |");
        Line($"|---|---|---|");
        Line($"| accuracy | {Share(run.Base)} | {Share(run.Final)} |");
        Line($"| mean reward | {run.Base.Reward:F3} | {run.Final.Reward:F3} |");
        foreach ((string key, double value) in run.Final.Parts) Line($"| reward part `{key}` | {run.Base.Parts.GetValueOrDefault(key):F3} | {value:F3} |");
        foreach ((string key, double value) in run.Final.Measures) Line($"| {key} | {run.Base.Measures.GetValueOrDefault(key):F2} | {value:F2} |");
        Line($"| response length, tokens | {run.Base.Length:F1} | {run.Final.Length:F1} |");
        Line($"| cut off by the limit of {e.MaxNewTokens} tokens | {run.Base.Truncated:P1} | {run.Final.Truncated:P1} |");
        Line($"");
        Line($"Decoding: {(e.Temperature == 0 ? "greedy" : FormattableString.Invariant($"temperature {e.Temperature}"))}. Intervals are 95 % (Wilson). What was not measured: other tasks, other prompts, forgetting.");
        Line($"");
        Line($"## Base and proof");
        Line($"");
        Line($"- base model: `{settings.HubModel ?? settings.Model}`, weights SHA-256 `{settings.BaseSha256}`");
        Line($"- these weights in float32, before rounding to the stored type: SHA-256 `{run.WeightsSha256}`");
        Line($"- `evolute replay RUN` rebuilds them from the base and the run's `journal.jsonl`.");
        return card.ToString();
    }

    /// <summary>What differs from the plain method.</summary>
    private static List<string> Variations(EvolutionSettings e)
    {
        List<string> variations = [];
        void Add(bool differs, FormattableString text)
        {
            if (differs) variations.Add(text.ToString(CultureInfo.InvariantCulture));
        }
        string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
        UpdateRule u = e.Update;
        Add(e.Noise.Form == NoiseForm.LowRank, $"low-rank noise of rank {e.Noise.Rank}");
        Add(e.Noise.Form == NoiseForm.Subspace, $"noise in one of {e.Noise.Parts} parts of the weights at a time");
        Add(e.Noise.Form == NoiseForm.Correlated, $"correlated noise");
        Add(e.Mirrored, $"mirrored sampling");
        Add(e.Shaping != Shaping.ZScore, $"shaping {Name(e.Shaping)}");
        Add(e.RewardWeights.Count > 0, $"reward weights {string.Join(", ", e.RewardWeights.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key} {w.Value}")))}");
        Add(u.Optimizer == Optimizer.Momentum, $"momentum {u.Momentum}");
        Add(u.Optimizer == Optimizer.Adam, $"Adam (β {u.Beta1} and {u.Beta2}, ε {u.Epsilon})");
        Add(u.WeightDecay != 0, $"weight decay {u.WeightDecay}");
        Add(u.Anchor != Anchor.None, $"{Name(u.Anchor)} anchor {u.AnchorStrength}");
        Add(e.Warmup > 0, $"warm-up over {e.Warmup} iterations");
        Add(e.SigmaSchedule != Schedule.Constant, $"σ schedule {Name(e.SigmaSchedule)}");
        Add(e.Parameters.TrainOnly.Count > 0, $"only {string.Join(", ", e.Parameters.TrainOnly)} trained");
        Add(e.Parameters.Freeze.Count > 0, $"{string.Join(", ", e.Parameters.Freeze)} frozen");
        return variations;
    }

    private static string Share(EvaluationResult r) => string.Create(CultureInfo.InvariantCulture, $"{100 * r.Accuracy:F1} % ({100 * r.Interval.Low:F1}–{100 * r.Interval.High:F1})");
}
