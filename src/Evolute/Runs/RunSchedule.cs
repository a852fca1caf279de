using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>When a run evaluates, and which of its journal's lines belong to that schedule.</summary>
internal static class RunSchedule
{
    /// <summary>
    /// The splits to measure after an iteration: the test split on the base, and where validation is on, the validation split on the base, every so many
    /// iterations and at the end. The test split is measured once more on the result, which validation chose.
    /// </summary>
    public static IEnumerable<TaskSplit> Evaluations(int iteration, RunSettings settings)
    {
        if (iteration == 0) yield return TaskSplit.Test;
        if (settings.EvalEvery > 0 && (iteration % settings.EvalEvery == 0 || iteration == settings.Evolution.Iterations)) yield return TaskSplit.Validation;
    }

    /// <summary>The split whose responses are kept as samples: one, so that the same prompts can be followed over time.</summary>
    public static TaskSplit SampledSplit(RunSettings settings) => settings.EvalEvery > 0 ? TaskSplit.Validation : TaskSplit.Test;

    /// <summary>
    /// Whether validation has stood still: the last <see cref="RunSettings.StopWhen"/> measurements have not passed the mark before them. The mark rises where a reward passes
    /// it by more than one standard error of the accuracy measured there, √(a(1 − a)/n): what is less may be luck of the problems.
    /// </summary>
    public static bool HasPlateau(IEnumerable<EvaluationResult> evaluations, RunSettings settings)
    {
        if (settings.StopWhen == 0) return false;
        double mark = double.NegativeInfinity;
        int since = 0;
        foreach (EvaluationResult e in evaluations.Where(e => e.Split == Splits.Validation))
        {
            double error = Math.Sqrt(e.Accuracy * (1 - e.Accuracy) / Math.Max(e.Count, 1));
            since++;
            if (e.Reward <= mark + error) continue;
            (mark, since) = (e.Reward, 0);
        }
        return since >= settings.StopWhen;
    }

    /// <summary>
    /// How many of a journal's lines a run with these settings would have written up to its last iteration: what stands after them belongs to the end of
    /// a shorter run.
    /// </summary>
    public static int Kept(IReadOnlyList<JournalEntry> entries, RunSettings settings)
    {
        int last = entries.OfType<IterationEntry>().LastOrDefault()?.Iteration ?? 0;
        bool ended = HasPlateau(entries.OfType<EvaluationEntry>().Select(e => e.Result), settings);
        if (last >= settings.Evolution.Iterations || ended) return entries.Count;
        int kept = entries.Count;
        while (kept > 0 && !Belongs(entries[kept - 1], settings)) kept--;
        return kept;
    }

    private static bool Belongs(JournalEntry entry, RunSettings settings) => entry switch
    {
        FinalEntry => false,
        EvaluationEntry e => Evaluations(e.Result.Iteration, settings).Any(s => s.ToString().Equals(e.Result.Split, StringComparison.OrdinalIgnoreCase)),
        _ => true,
    };
}
