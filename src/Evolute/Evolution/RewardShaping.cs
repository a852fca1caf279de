namespace Evolute.Evolution;

/// <summary>How rewards become coefficients; the formulas stand at <see cref="RewardShaping"/>.</summary>
public enum Shaping
{
    /// <summary>Distance from the mean in standard deviations, as in arXiv 2509.24372.</summary>
    ZScore,

    /// <summary>Ranks from −½ to ½.</summary>
    CenteredRanks,

    /// <summary>Distance from each prompt's mean.</summary>
    PerPromptCentered,

    /// <summary>Which member of a mirrored pair did better.</summary>
    Sign,
}

/// <summary>
/// From the members' rewards to their coefficients zₙ; computed in float64 and rounded once. Where all members have the same mean reward there is nothing to
/// learn, and every shaping gives null: equality is judged by maximum and minimum, since rounding can leave a standard deviation above 0.
/// </summary>
public static class RewardShaping
{
    private const double Epsilon = 1e-8;

    /// <summary>The coefficients of members, or null where all rewards are equal.</summary>
    /// <param name="shaping">How.</param>
    /// <param name="members">The members' responses to the same prompts; at least one each.</param>
    public static float[]? Of(Shaping shaping, IReadOnlyList<ResponseTotals> members) => Of(shaping, [.. members.Select(m => m.Rewards)]);

    /// <summary>The coefficients of members, or null where all mean rewards are equal.</summary>
    /// <param name="shaping">How.</param>
    /// <param name="rewards">[N][P], finite; P at least 1.</param>
    public static float[]? Of(Shaping shaping, IReadOnlyList<IReadOnlyList<double>> rewards)
    {
        double[] means = [.. rewards.Select(r => r.Sum() / r.Count)];
        return shaping switch
        {
            Shaping.CenteredRanks => CenteredRanks(means),
            Shaping.PerPromptCentered => PerPromptCentered(rewards),
            Shaping.Sign => Sign(means),
            _ => ZScore(means),
        };
    }

    /// <summary>z = (R − mean)/(std + 1e-8) with the population's standard deviation (arXiv 2509.24372).</summary>
    /// <param name="rewards">[N], finite.</param>
    public static float[]? ZScore(ReadOnlySpan<double> rewards)
    {
        if (AllEqual(rewards)) return null;
        (double mean, double deviation) = Moments(rewards);
        float[] z = new float[rewards.Length];
        for (int n = 0; n < z.Length; n++) z[n] = (float)((rewards[n] - mean) / (deviation + Epsilon));
        return z;
    }

    /// <summary>z = rank/(N − 1) − ½ with ranks from 0 (Salimans and others, arXiv 1703.03864); equal rewards share their mean rank.</summary>
    /// <param name="rewards">[N], finite.</param>
    public static float[]? CenteredRanks(ReadOnlySpan<double> rewards)
    {
        if (AllEqual(rewards)) return null;
        double[] sorted = rewards.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        float[] z = new float[sorted.Length];
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            for (next = first + 1; next < sorted.Length && sorted[next] == sorted[first]; next++) { }
            double rank = (first + next - 1) / 2.0;
            for (int i = first; i < next; i++) z[order[i]] = (float)(rank / (sorted.Length - 1) - 0.5);
        }
        return z;
    }

    /// <summary>
    /// zₙ = mean over the prompts p of (rₙₚ − mean of p's rewards over the members)/(std + 1e-8), with the standard deviation of all N·P rewards, as
    /// EGGROLL (arXiv 2511.16652) centres groups. Prompts weigh the same whatever their difficulty; members that differ little beside their prompts get small
    /// coefficients, which the z-score would stretch.
    /// </summary>
    /// <param name="rewards">[N][P], finite.</param>
    public static float[]? PerPromptCentered(IReadOnlyList<IReadOnlyList<double>> rewards)
    {
        if (AllEqual([.. rewards.Select(r => r.Sum() / r.Count)])) return null;
        (_, double deviation) = Moments([.. rewards.SelectMany(r => r)]);
        double[] means = [.. Enumerable.Range(0, rewards[0].Count).Select(p => rewards.Sum(r => r[p]) / rewards.Count)];
        return [.. rewards.Select(r => (float)(r.Select((reward, p) => (reward - means[p]) / (deviation + Epsilon)).Sum() / means.Length))];
    }

    /// <summary>z₂ⱼ = sign(R₂ⱼ − R₂ⱼ₊₁) and z₂ⱼ₊₁ = −z₂ⱼ for mirrored pairs, as in EGGROLL's integer variant: 1, −1, or 0 where a pair's rewards are equal.</summary>
    /// <param name="rewards">[N], finite, N even.</param>
    public static float[]? Sign(ReadOnlySpan<double> rewards)
    {
        if (rewards.Length % 2 != 0) throw new ArgumentException("A member has no partner.", nameof(rewards));
        if (AllEqual(rewards)) return null;
        float[] z = new float[rewards.Length];
        for (int n = 0; n < z.Length; n++) z[n] = Math.Sign(rewards[n] - rewards[n ^ 1]);
        return z;
    }

    private static bool AllEqual(ReadOnlySpan<double> rewards)
    {
        double max = double.NegativeInfinity, min = double.PositiveInfinity;
        foreach (double reward in rewards)
        {
            if (!double.IsFinite(reward)) throw new ArgumentException("A reward is not a finite number.", nameof(rewards));
            max = Math.Max(max, reward);
            min = Math.Min(min, reward);
        }
        return max == min || rewards.IsEmpty;
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }
}
