using Evolute.Generation;
using Evolute.Tasks;

namespace Evolute.Rewards;

/// <summary>Scores responses that are given as rows, without a model.</summary>
internal sealed class RowScoring(TuningTask task, RewardSet set)
{
    /// <summary>Rows that are scored together.</summary>
    public const int Rows = 256;

    private readonly GuardedReward[] _rewards = [.. set.Rewards.Select(r => new GuardedReward(r, set.Failures, set.Log))];

    /// <summary>One reward a row, in order; a score of null where no reward applies.</summary>
    public IEnumerable<RewardSum> Score(IReadOnlyList<(TaskProblem Problem, string Response)> rows, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        RewardCompletion[] completions = [.. rows.Select(r => new RewardCompletion(r.Problem, new([], r.Response, FinishReason.Stop)))];
        IReadOnlyList<RewardValue>[] values = Task.WhenAll(_rewards.Select(r => Task.Run(() => r.ScoreAsync(completions, stop), stop))).GetAwaiter().GetResult();
        for (int i = 0; i < rows.Count; i++)
        {
            RewardResult own = task.Score(rows[i].Problem, rows[i].Response);
            yield return set.Sum(own, [.. values.Select(v => v[i])]);
        }
    }
}
