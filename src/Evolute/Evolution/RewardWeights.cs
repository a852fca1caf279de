using Evolute.Models;
using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>How the named parts of a task's reward are added up, instead of the task's own way.</summary>
internal static class RewardWeights
{
    /// <summary>Σ weight·part over the weighted parts in ordinal order of their names; parts without a weight do not count. Without weights, the task's own score.</summary>
    public static RewardResult Apply(IReadOnlyDictionary<string, double> weights, RewardResult reward)
    {
        if (weights.Count == 0) return reward;
        double score = 0;
        foreach ((string part, double weight) in weights.OrderBy(w => w.Key, StringComparer.Ordinal)) score += weight * reward.Parts.GetValueOrDefault(part);
        return reward with { Score = score };
    }

    /// <summary>Checks that the weights are of the task's parts.</summary>
    /// <exception cref="EvoluteInputException">A part is unknown, or its weight no finite number.</exception>
    public static void Validate(IReadOnlyDictionary<string, double> weights, TuningTask task)
    {
        foreach ((string part, double weight) in weights)
        {
            if (!task.PartNames.Contains(part)) throw new EvoluteInputException($"--reward-weights: the reward of {task.Name} has no part {Quoted.Text(part)}.{Suggestion.For(part, task.PartNames)}");
            if (!double.IsFinite(weight)) throw new EvoluteInputException($"--reward-weights: the weight of {part} must be a finite number.");
        }
    }
}
