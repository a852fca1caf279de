namespace Evolute.Evolution;

/// <summary>From the members' rewards to their coefficients zₙ.</summary>
public static class RewardShaping
{
    private const double Epsilon = 1e-8;

    /// <summary>
    /// z = (R − mean)/(std + 1e-8) with the population's standard deviation (arXiv 2509.24372), or null where all rewards are equal and there is
    /// nothing to learn. Equality is judged by maximum and minimum: rounding can leave a standard deviation above 0.
    /// </summary>
    /// <param name="rewards">[N], finite.</param>
    public static float[]? ZScore(ReadOnlySpan<double> rewards)
    {
        double sum = 0, max = double.NegativeInfinity, min = double.PositiveInfinity;
        foreach (double reward in rewards)
        {
            if (!double.IsFinite(reward)) throw new ArgumentException("A reward is not a finite number.", nameof(rewards));
            sum += reward;
            max = Math.Max(max, reward);
            min = Math.Min(min, reward);
        }
        if (max == min || rewards.IsEmpty) return null;
        double mean = sum / rewards.Length, squares = 0;
        foreach (double reward in rewards) squares += (reward - mean) * (reward - mean);
        double deviation = Math.Sqrt(squares / rewards.Length) + Epsilon;
        float[] z = new float[rewards.Length];
        for (int n = 0; n < z.Length; n++) z[n] = (float)((rewards[n] - mean) / deviation);
        return z;
    }
}
