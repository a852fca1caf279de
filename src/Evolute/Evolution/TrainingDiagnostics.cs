using System.Globalization;

namespace Evolute.Evolution;

/// <summary>What can be wrong with a run's settings while it goes on.</summary>
internal enum Symptom
{
    EqualRewards,
    IdenticalMembers,
    Collapse,
    Truncation,
    DominatingPart,
    LostInRounding,
}

/// <summary>A symptom with the sentence that says what to do.</summary>
internal readonly record struct Diagnosis(Symptom Symptom, string Sentence);

/// <summary>
/// Looks at every iteration for what a change of settings would mend. A symptom is told when it comes, and again only once it has cleared in between.
/// </summary>
/// <param name="baseReward">The base's mean reward on test problems.</param>
/// <param name="baseTruncated">The base's share of responses cut off.</param>
/// <param name="storedInFloat32">Whether the result is stored in float32 whatever the base's type is.</param>
internal sealed class TrainingDiagnostics(double baseReward, double baseTruncated, bool storedInFloat32)
{
    /// <summary>Members alike from which on σ is too small.</summary>
    private const double Alike = 0.5;

    /// <summary>Share of the best mean reward so far below which the population has collapsed.</summary>
    private const double Collapsed = 0.5;

    /// <summary>Responses cut off beyond the base's share.</summary>
    private const double CutOff = 0.2;

    /// <summary>Share of the rewards' variance that goes with one part, and correlation with solved problems, from which on the part and not the task leads.</summary>
    private const double Dominating = 0.9, GoesWithSolving = 0.5;

    /// <summary>Cosine between a step and the same step between rounded weights.</summary>
    private const double Lost = 0.3;

    /// <summary>Fewer members correlate by chance.</summary>
    private const int MembersToCorrelate = 16;

    private const int MeanOf = 3;

    private readonly HashSet<Symptom> _standing = [];
    private readonly Queue<double> _recent = [];
    private double _best = Math.Max(baseReward, 0);

    /// <summary>The diagnoses that an iteration makes new.</summary>
    public IReadOnlyList<Diagnosis> New(IterationResult iteration, PopulationMetrics metrics)
    {
        Diagnosis[] all = [.. Of(iteration, metrics)];
        Diagnosis[] fresh = [.. all.Where(d => !_standing.Contains(d.Symptom))];
        _standing.Clear();
        _standing.UnionWith(all.Select(d => d.Symptom));
        _recent.Enqueue(metrics.Reward.Mean);
        if (_recent.Count > MeanOf) _recent.Dequeue();
        if (_recent.Count == MeanOf) _best = Math.Max(_best, _recent.Average());
        return fresh;
    }

    private IEnumerable<Diagnosis> Of(IterationResult iteration, PopulationMetrics metrics)
    {
        Diagnosis Say(Symptom symptom, FormattableString text) => new(symptom, string.Create(CultureInfo.InvariantCulture, $"Iteration {iteration.Iteration}: {text.ToString(CultureInfo.InvariantCulture)}"));
        if (iteration.Coefficients is null)
            yield return Say(Symptom.EqualRewards, $"all members have the same reward, so the weights stay; raise --sigma or --prompts if it goes on.");
        else if (iteration.Members.Count > 2 && metrics.IdenticalMembers >= Alike)
            yield return Say(Symptom.IdenticalMembers, $"{metrics.IdenticalMembers:P0} of the members answer alike, so σ = {iteration.Sigma:g3} is too small to tell them apart; raise --sigma three times or more, or let --sigma auto find it.");
        if (_best > 0 && metrics.Reward.Mean < Collapsed * _best)
            yield return Say(Symptom.Collapse, $"the population's mean reward {metrics.Reward.Mean:g3} is less than half of the {_best:g3} reached before, so perturbations (or earlier steps) break the model; lower --sigma = {iteration.Sigma:g3} and the learning rate three times or more, or let --sigma auto find it.");
        if (metrics.Truncated >= baseTruncated + CutOff)
            yield return Say(Symptom.Truncation, $"{metrics.Truncated:P0} of the responses are cut off by the token limit, {baseTruncated:P0} of the base's were; raise --max-new-tokens, or lower --sigma if responses run on without an end.");
        if (DominatingPart(iteration, metrics) is { } part)
            yield return Say(Symptom.DominatingPart, $"{part.Share:P0} of the differences in reward go with its part '{part.Name}', which goes little with problems solved; give that part less weight with --reward-weights.");
        if (!storedInFloat32 && iteration.Step is { Is16Bit: true, Relative: > 0 } step && step.Cosine < Lost)
            yield return Say(Symptom.LostInRounding, $"only {step.ChangedShare:P1} of the weights change once rounded to the stored type (cosine to the step made {step.Cosine:F2}), so the stored result loses small steps; raise --learning-rate, or store with --save-type float32.");
    }

    private static (string Name, double Share)? DominatingPart(IterationResult iteration, PopulationMetrics metrics)
    {
        if (metrics.Parts.Count < 2 || iteration.Members.Count < MembersToCorrelate) return null;
        double[] rewards = [.. iteration.Members.Select(m => m.Reward)], solved = [.. iteration.Members.Select(m => m.Accuracy)];
        foreach (string part in metrics.Parts.Keys)
        {
            double[] values = PopulationMetrics.PartOf(iteration.Members, part);
            double correlation = Correlation(values, rewards);
            if (correlation > 0 && correlation * correlation >= Dominating && Correlation(values, solved) < GoesWithSolving) return (part, correlation * correlation);
        }
        return null;
    }

    private static double Correlation(double[] a, double[] b)
    {
        Spread x = Spread.Of(a), y = Spread.Of(b);
        if (x.Std <= 1e-12 || y.Std <= 1e-12) return 0;
        return a.Zip(b, (p, q) => (p - x.Mean) * (q - y.Mean)).Sum() / a.Length / (x.Std * y.Std);
    }
}
