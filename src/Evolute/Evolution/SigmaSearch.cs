namespace Evolute.Evolution;

/// <summary>
/// Finds σ from probe populations: the edge above which perturbations only harm, and from it σ. Steps of four from the guess bracket the edge, two
/// bisections of its logarithm narrow it to a factor of √2. A pure function of the probes so far, so that a run goes on with it from the journal.
/// </summary>
internal static class SigmaSearch
{
    /// <summary>Probes after which a search that has no bracket gives up.</summary>
    public const int MaxProbes = 10;

    /// <summary>The unperturbed weights this many deviations above their population: the perturbations are too large.</summary>
    private const double Edge = 2;

    /// <summary>σ is the edge divided by this: measured, where single rewards tell the most about a direction.</summary>
    private const double EdgeToSigma = 3;

    private const double Step = 4, Narrow = 1.5;

    /// <summary>What to do after some probes.</summary>
    /// <param name="guess">σ to begin with.</param>
    /// <param name="probes">The probes so far, in order.</param>
    public static SearchState After(double guess, IReadOnlyList<Probe> probes)
    {
        if (probes.Count == 0) return new(guess, Done: false, Found: false);
        double below = 0, above = double.PositiveInfinity;
        foreach (Probe probe in probes)
        {
            if (probe.Standing > Edge) above = Math.Min(above, probe.Sigma);
            else below = Math.Max(below, probe.Sigma);
        }
        if (below > 0 && double.IsFinite(above) && above / below <= Narrow) return new(Math.Sqrt(below * above) / EdgeToSigma, Done: true, Found: true);
        double next = below == 0 ? above / Step : double.IsFinite(above) ? Math.Sqrt(below * above) : below * Step;
        return probes.Count < MaxProbes && (float)next > 0 && next <= EvolutionSettings.MaxStep ? new(next, Done: false, Found: false) : new(guess, Done: true, Found: false);
    }
}

/// <summary>Where a search for σ stands.</summary>
/// <param name="Sigma">σ of the next probe, or the result.</param>
/// <param name="Done">Whether it is the result.</param>
/// <param name="Found">Whether the result comes from an edge; else it is the guess.</param>
internal readonly record struct SearchState(double Sigma, bool Done, bool Found);
