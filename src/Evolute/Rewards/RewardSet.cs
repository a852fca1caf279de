using Evolute.Tasks;

namespace Evolute.Rewards;

/// <summary>The rewards of a run; their weighted sum is what evolution maximises.</summary>
public sealed class RewardSet : IDisposable
{
    private readonly bool _owned;

    /// <summary>A set of rewards.</summary>
    /// <param name="taskWeight">Weight of the task's own reward; 0 leaves it out.</param>
    /// <param name="rewards">The others.</param>
    /// <param name="failures">What happens where one fails.</param>
    /// <param name="owned">Whether the rewards end with the set.</param>
    public RewardSet(double taskWeight, IReadOnlyList<WeightedReward> rewards, RewardFailures? failures = null, bool owned = false) =>
        (TaskWeight, Rewards, Failures, _owned) = (taskWeight, rewards, failures ?? new(), owned);

    /// <summary>The task's own reward alone.</summary>
    public static RewardSet OfTask { get; } = new(1, []);

    /// <summary>Weight of the task's own reward.</summary>
    public double TaskWeight { get; }

    /// <summary>The other rewards.</summary>
    public IReadOnlyList<WeightedReward> Rewards { get; }

    /// <summary>What happens where one fails.</summary>
    public RewardFailures Failures { get; }

    /// <summary>Told of every failure that does not end the run; from any thread.</summary>
    public RewardLog Log { get; } = new();

    /// <summary>Adds up the values of one response.</summary>
    /// <param name="own">The task's own reward.</param>
    /// <param name="values">The others', in their order.</param>
    internal RewardSum Sum(RewardResult own, IReadOnlyList<RewardValue> values)
    {
        if (Rewards.Count == 0 && TaskWeight == 1) return new(own.Score, own.Parts, own.Correct);
        bool sole = TaskWeight == 0 && Rewards.Count == 1, correct = own.Correct;
        double? score = TaskWeight == 0 ? null : TaskWeight * own.Score;
        SortedDictionary<string, double> parts = new(StringComparer.Ordinal);
        if (TaskWeight != 0)
            foreach ((string part, double value) in own.Parts) parts[part] = value;
        for (int r = 0; r < values.Count; r++)
        {
            string name = Rewards[r].Name;
            if (values[r].Score is { } given)
            {
                score = (score ?? 0) + Rewards[r].Weight * given;
                if (!sole) parts[name] = given;
            }
            foreach ((string part, double value) in values[r].Parts) parts[sole ? part : $"{name}.{part}"] = value;
            correct = values[r].Correct ?? correct;
        }
        return new(score, parts, correct);
    }

    /// <summary>Ends rewards that are the set's own, such as the processes of commands.</summary>
    public void Dispose()
    {
        if (!_owned) return;
        foreach (WeightedReward reward in Rewards) (reward.Reward as IDisposable)?.Dispose();
    }
}
