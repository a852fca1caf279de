namespace Evolute.Runs;

/// <summary>The answers that were drawn for one problem, and what sampling several times is worth.</summary>
/// <param name="Correct">Whether each solves the problem.</param>
/// <param name="Answers">Each one's answer as the task writes equal ones alike (<see cref="Tasks.TuningTask.AnswerOf"/>), or null where it gives none.</param>
public sealed record SampledAnswers(IReadOnlyList<bool> Correct, IReadOnlyList<string?> Answers)
{
    /// <summary>The unbiased estimate of the chance that one of k answers is right, 1 − C(n − c, k)/C(n, k), with c right ones of n (Chen et al., arXiv 2107.03374).</summary>
    public double PassAt(int k)
    {
        int n = Correct.Count, wrong = Correct.Count(c => !c);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
        double none = 1;
        for (int i = 0; i < k; i++) none *= Math.Max(0, (double)(wrong - i) / (n - i));
        return 1 - none;
    }

    /// <summary>
    /// Whether the commonest of k answers is right, as the mean over the ⌊n/k⌋ groups of k answers that follow each other. Answers that are none do not vote; of equally common ones the
    /// first given wins; where nobody votes the group is wrong. An answer is as right as the first response that gave it.
    /// </summary>
    public double MajorityAt(int k)
    {
        int groups = Correct.Count / k, right = 0;
        ArgumentOutOfRangeException.ThrowIfZero(groups, nameof(k));
        for (int g = 0; g < groups; g++)
            if (Winner(g * k, k) is { } first && Correct[first]) right++;
        return (double)right / groups;
    }

    /// <summary>Where the commonest answer was given first, or null.</summary>
    private int? Winner(int start, int count)
    {
        Dictionary<string, (int First, int Votes)> votes = new(StringComparer.Ordinal);
        for (int i = start; i < start + count; i++)
            if (Answers[i] is { } answer) votes[answer] = votes.TryGetValue(answer, out var known) ? (known.First, known.Votes + 1) : (i, 1);
        return votes.Count == 0 ? null : votes.Values.OrderByDescending(v => v.Votes).ThenBy(v => v.First).First().First;
    }
}
