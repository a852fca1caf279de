namespace Evolute.Rewards;

/// <summary>One of a run's rewards.</summary>
/// <param name="Name">What it is called in reports; the run's rewards have different names.</param>
/// <param name="Reward">The function.</param>
/// <param name="Weight">What its score is multiplied by.</param>
public sealed record WeightedReward(string Name, IReward Reward, double Weight = 1);
