namespace Evolute.Tasks;

/// <summary>What a reward function made of one response.</summary>
/// <param name="Score">The total that evolution maximises.</param>
/// <param name="Parts">Its components by name, unweighted, as <see cref="TuningTask.PartNames"/> lists them.</param>
/// <param name="Correct">Whether the response solves the problem: accuracy counts these.</param>
public sealed record RewardResult(double Score, IReadOnlyDictionary<string, double> Parts, bool Correct);
