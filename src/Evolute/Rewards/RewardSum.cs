namespace Evolute.Rewards;

/// <summary>What all rewards together made of a response.</summary>
/// <param name="Score">The weighted sum; null where none applies.</param>
/// <param name="Parts">The components by name: the task's own parts, every other reward by its name, and its parts as <c>NAME.PART</c>; of a reward that is the only one, its parts as they are.</param>
/// <param name="Correct">Whether the response solves its problem: what the last reward says that says something, else what the task says.</param>
internal sealed record RewardSum(double? Score, IReadOnlyDictionary<string, double> Parts, bool Correct);
