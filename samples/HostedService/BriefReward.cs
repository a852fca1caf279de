using Evolute.Rewards;

namespace HostedService;

/// <summary>A little for short answers. Services that it needs come through its constructor, as anywhere in a host.</summary>
internal sealed class BriefReward : IReward
{
    public Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<RewardValue>>([.. completions.Select(c => RewardValue.Of(0.1 / (1 + c.TokenIds.Count)))]);
}
