using System.Collections.Immutable;

namespace Evolute.Rewards;

/// <summary>What a reward function made of one response.</summary>
public sealed record RewardValue
{
    /// <summary>The score; null where the reward does not apply to this response.</summary>
    public double? Score { get; init; }

    /// <summary>Components of the score by name, for reports.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Whether the response solves its problem; null leaves that to the task.</summary>
    public bool? Correct { get; init; }

    /// <summary>The reward says nothing about this response, and neither helps nor harms it.</summary>
    public static RewardValue NotApplicable { get; } = new();

    /// <summary>What went wrong, as a sentence; then there is no value.</summary>
    internal string? Failure { get; init; }

    /// <summary>A score without parts.</summary>
    public static RewardValue Of(double score) => new() { Score = score };

    /// <summary>A score without parts.</summary>
    public static implicit operator RewardValue(double score) => Of(score);

    internal static RewardValue Failed(string sentence) => new() { Failure = sentence };
}
