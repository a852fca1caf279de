namespace Evolute.Rewards;

/// <summary>
/// A reward function of your own: any code that says how good responses are. It is called from several threads at once, never on the one that generates, and should give the same
/// response the same value, since equal responses to one prompt are scored once an iteration.
/// </summary>
public interface IReward
{
    /// <summary>Scores some responses.</summary>
    /// <param name="completions">The responses with all that is known of their prompts; at least one.</param>
    /// <param name="stop">The run ends, or the call took too long.</param>
    /// <returns>One value a completion, in their order.</returns>
    Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop);
}
