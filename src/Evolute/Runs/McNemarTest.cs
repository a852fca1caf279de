namespace Evolute.Runs;

/// <summary>McNemar's exact test (1947) of two models on the same problems: only those that one solved and the other did not tell anything.</summary>
public static class McNemarTest
{
    /// <summary>
    /// The two-sided p-value under which changes either way are as likely: min(1, 2·P(X ≤ min(lost, gained))), X binomial with <paramref name="lost"/> + <paramref name="gained"/> trials of ½; 1 where nothing changed.
    /// </summary>
    public static double PValue(int lost, int gained)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        int trials = lost + gained, less = Math.Min(lost, gained);
        // Terms C(n, i)/2ⁿ from their logarithms, since 2⁻ⁿ alone would be 0 from some thousand trials on.
        double log = -trials * Math.Log(2), sum = 0;
        for (int i = 0; i <= less; i++)
        {
            sum += Math.Exp(log);
            log += Math.Log((double)(trials - i) / (i + 1));
        }
        return Math.Min(1, 2 * sum);
    }
}
