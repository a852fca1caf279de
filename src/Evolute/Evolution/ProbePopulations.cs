using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>Evaluates what tuning looks at: probe populations before the first iteration, and the unperturbed weights beside an iteration's population.</summary>
internal sealed class ProbePopulations(ResponseEvaluation evaluation, IReadOnlyList<EncodedProblem> problems, EvolutionSettings settings, GenerationSettings generation)
{
    private readonly PromptSchedule _prompts = new(problems, settings.Prompts, settings.Seed);

    /// <summary>Members of a probe.</summary>
    public static int Members(EvolutionSettings settings) => Math.Min(settings.Population, Probe.MaxMembers);

    /// <summary>One probe. All use the first iteration's prompts, each its own noise.</summary>
    public Probe Of(int number, double sigma, double? center, CancellationToken stop)
    {
        EncodedProblem[] asked = _prompts.Of(1);
        // A seed of the calibration's own domain: the noise of no iteration is used up.
        NoiseKey key = NoiseKey.Of(settings.Seed, (uint)number, 0, NoiseDomain.Calibration);
        EvolutionSettings probe = settings with { Population = Members(settings), Seed = (ulong)key.High << 32 | key.Low };
        double unperturbed = center ?? Center(1, asked, stop).Reward;
        ResponseTotals[] members = evaluation.OfMembers(EvolutionLoop.Population(probe, number), (float)sigma, asked, generation, stop);
        stop.ThrowIfCancellationRequested();
        return new(number, sigma, unperturbed, [.. members.Select(m => m.Reward)]);
    }

    /// <summary>The unperturbed weights' responses to an iteration's prompts.</summary>
    public ResponseTotals Center(int iteration, IReadOnlyList<EncodedProblem> asked, CancellationToken stop)
    {
        ResponseTotals totals = new();
        foreach (ScoredResponse response in evaluation.OfWeights(asked, generation, NoiseKey.Of(settings.Seed, (uint)iteration, 0, NoiseDomain.Calibration), stop))
            totals.Add(response.Completion, response.Reward, response.Measures);
        return totals;
    }

    /// <summary>Share of the members' rewards that differ from the unperturbed weights' on the same prompt.</summary>
    public static double Changed(ResponseTotals center, IReadOnlyList<ResponseTotals> members) =>
        (double)members.Sum(m => m.Rewards.Where((reward, p) => reward != center.Rewards[p]).Count()) / members.Sum(m => m.Count);
}
