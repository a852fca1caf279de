/// <summary>A reward in C#: shorter responses are better.</summary>
public sealed class Brief : IReward
{
    public Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<RewardValue>>([.. completions.Select(c => RewardValue.Of(1 - Math.Min(c.Text.Length, 240) / 240.0))]);
}
