namespace Evolute.Evolution;

/// <summary>σ and α of an iteration.</summary>
/// <param name="Sigma">σ.</param>
/// <param name="LearningRate">α.</param>
public readonly record struct StepSizes(double Sigma, double LearningRate);

/// <summary>What the controller sees of an iteration.</summary>
/// <param name="Center">Mean reward of the unperturbed weights on the iteration's prompts.</param>
/// <param name="Rewards">Each member's mean reward.</param>
/// <param name="Changed">Share of the members' responses whose reward differs from the unperturbed weights' one.</param>
public readonly record struct StepObservation(double Center, IReadOnlyList<double> Rewards, double Changed);

/// <summary>
/// Sets σ and α from iteration to iteration. σ goes down by √2 where the unperturbed weights stand 1.5 deviations above their population on average of three
/// iterations, and up by √2 where fewer than 2 % of the rewards change. c = α/σ begins at ½, the paper's, and is halved where the unperturbed weights' mean reward over five
/// iterations is below that of the five before: steps then carry more noise than progress. A pure function of what the journal records.
/// </summary>
internal static class StepControl
{
    /// <summary>α/σ at the beginning.</summary>
    public const double Ratio = 0.5;

    private const int SigmaWindow = 3, RatioWindow = 5;
    private const double TooHigh = 1.5, Sound = 1, FewChanges = 0.02, Range = 16;

    /// <summary>The sizes for the iteration that follows on some.</summary>
    /// <param name="settings">What is automatic, and the fixed values.</param>
    /// <param name="sigma">σ of the first iteration.</param>
    /// <param name="past">Iterations so far, in order.</param>
    public static StepSizes After(EvolutionSettings settings, double sigma, IReadOnlyList<StepObservation> past)
    {
        double scale = 1, ratio = Ratio, earlier = double.NegativeInfinity;
        for (int i = 0; i < past.Count; i++)
        {
            if (settings.AutoSigma && (i + 1) % SigmaWindow == 0) scale *= SigmaFactor(past, i);
            scale = Math.Clamp(scale, 1 / Range, Range);
            if ((i + 1) % RatioWindow != 0) continue;
            double now = Mean(past, i, RatioWindow, o => o.Center);
            if (now < earlier) ratio = Math.Max(ratio / 2, Ratio / Range);
            earlier = now;
        }
        double current = sigma * scale;
        return new(current, settings.AutoLearningRate ? ratio * current : settings.LearningRate);
    }

    private static double SigmaFactor(IReadOnlyList<StepObservation> past, int last)
    {
        double standing = Mean(past, last, SigmaWindow, o => Probe.StandingOf(o.Center, o.Rewards));
        if (standing > TooHigh) return 1 / Math.Sqrt(2);
        return standing < Sound && Mean(past, last, SigmaWindow, o => o.Changed) < FewChanges ? Math.Sqrt(2) : 1;
    }

    private static double Mean(IReadOnlyList<StepObservation> past, int last, int window, Func<StepObservation, double> of)
    {
        double sum = 0;
        for (int i = last - window + 1; i <= last; i++) sum += of(past[i]);
        return sum / window;
    }
}
