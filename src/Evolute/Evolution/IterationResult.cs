using Evolute.Generation;

namespace Evolute.Evolution;

/// <summary>What one iteration did.</summary>
/// <param name="Iteration">Counted from 1.</param>
/// <param name="Sigma">σ of this iteration.</param>
/// <param name="LearningRate">α of this iteration.</param>
/// <param name="Members">Every member's totals, in the order of the population.</param>
/// <param name="Coefficients">zₙ, or null where all rewards were equal and the weights stayed.</param>
/// <param name="Checksum">The cheap fingerprint of the weights after it.</param>
/// <param name="Seconds">Where the time went.</param>
/// <param name="Counts">Forward passes and drafts; they depend on threads and times.</param>
/// <param name="Center">Where the run tunes itself: mean reward of the unperturbed weights on the same prompts, before the update.</param>
/// <param name="Changed">Where the run tunes itself: share of the members' rewards that differ from the unperturbed weights'.</param>
/// <param name="Step">What the update did to a sample of the weights; null where they stayed.</param>
public sealed record IterationResult(
    int Iteration, double Sigma, double LearningRate, IReadOnlyList<ResponseTotals> Members, IReadOnlyList<float>? Coefficients, ulong Checksum, IReadOnlyDictionary<string, double> Seconds, GenerationCounts Counts,
    double? Center = null, double? Changed = null, StepMeasure? Step = null);
