namespace Evolute.Evolution;

/// <summary>A population that calibration evaluated before the first iteration; it moves no weights.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Sigma">σ of its members.</param>
/// <param name="Center">Mean reward of the unperturbed weights on the same prompts.</param>
/// <param name="Rewards">Each member's mean reward.</param>
public sealed record Probe(int Number, double Sigma, double Center, IReadOnlyList<double> Rewards)
{
    /// <summary>The most members of a probe population; a smaller population is probed with as many as it has.</summary>
    public const int MaxMembers = 16;

    /// <summary>
    /// How far the unperturbed weights stand above the members' mean, in standard deviations of the members. It has no unit and does not depend on the
    /// reward's scale: near 0 while perturbations do as much good as harm, large where they only do harm. 0 where nothing differs.
    /// </summary>
    public double Standing => StandingOf(Center, Rewards);

    internal static double StandingOf(double center, IReadOnlyList<double> rewards)
    {
        Spread spread = Spread.Of(rewards);
        // Members that all do the same harm have no deviation of their own.
        return (center - spread.Mean) / (spread.Std + 1e-9 + 1e-6 * Math.Abs(center));
    }
}
