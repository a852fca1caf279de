using Evolute.Evolution;
using Evolute.Rewards;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>A run's rewards, and the record of their failures, <c>rewards.log</c>.</summary>
internal sealed class RunRewards(string log, RewardSet set) : IDisposable
{
    /// <summary>Sentences that are told at once; all are in the file.</summary>
    private const int Told = 3;

    /// <summary>The rewards.</summary>
    public RewardSet Set => set;

    /// <summary>The names of the parts that the journal keeps: the task's, where its own reward counts, and those that came from others.</summary>
    public IReadOnlyList<string> PartNames(TuningTask task, IReadOnlyList<ResponseTotals> members)
    {
        IReadOnlyList<string> own = set.TaskWeight == 0 ? [] : task.PartNames;
        return set.Rewards.Count == 0 ? own : [.. own, .. members.SelectMany(m => m.Parts.Keys).Except(own).Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes down what failed since the last time, and tells of it.</summary>
    public void Tell(TrainingObserver observer)
    {
        IReadOnlyList<string> sentences = set.Log.Take();
        if (sentences.Count == 0) return;
        File.AppendAllLines(log, sentences);
        foreach (string sentence in sentences.Take(Told)) observer.Note(sentence);
        if (sentences.Count > Told) observer.Note($"… and {sentences.Count - Told} more failures of rewards; all are in {log}.");
    }

    public void Dispose() => set.Dispose();
}
