namespace Evolute.Rewards;

/// <summary>Rewards from functions.</summary>
public static class Reward
{
    /// <summary>A reward from a function of one response.</summary>
    public static IReward From(Func<RewardCompletion, RewardValue> score) => new FunctionReward((completion, _) => ValueTask.FromResult(score(completion)));

    /// <summary>A reward from a function of one response that has to wait for something.</summary>
    public static IReward From(Func<RewardCompletion, CancellationToken, ValueTask<RewardValue>> score) => new FunctionReward(score);

    private sealed class FunctionReward(Func<RewardCompletion, CancellationToken, ValueTask<RewardValue>> score) : IReward
    {
        public async Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop)
        {
            var values = new RewardValue[completions.Count];
            for (int i = 0; i < values.Length; i++) values[i] = await score(completions[i], stop).ConfigureAwait(false);
            return values;
        }
    }
}
