namespace Evolute.Runs;

/// <summary>What is known of one iteration; null where it was not measured.</summary>
/// <param name="Iteration">The iteration; 0 is the model before training.</param>
/// <param name="RewardMean">Mean reward over the population.</param>
/// <param name="RewardBest">Reward of the best member.</param>
/// <param name="TestAccuracy">Accuracy on the test split, 0 to 1.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation split, 0 to 1.</param>
/// <param name="Kl">KL to the base in nats a token.</param>
internal sealed record CurvePoint(int Iteration, double? RewardMean, double? RewardBest, double? TestAccuracy, double? ValidationAccuracy, double? Kl = null);
