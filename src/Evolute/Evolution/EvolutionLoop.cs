using System.Diagnostics;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>
/// Evolution strategies as in arXiv 2509.24372, algorithm 1: members are θ + σ·ε with noise from a seed, their mean rewards over the iteration's prompts
/// are shaped to z, and θ ← θ + (α/N)·Σ zₙ εₙ with the noise made again from its seed.
/// </summary>
internal sealed class EvolutionLoop(IEngine engine, ResponseEvaluation evaluation, IReadOnlyList<EncodedProblem> problems, EvolutionSettings settings, GenerationSettings generation)
{
    private readonly PromptSchedule _prompts = new(problems, settings.Prompts, settings.Seed);

    private readonly ProbePopulations _probes = new(evaluation, problems, settings, generation);

    /// <summary>The iterations from <paramref name="first"/> on; each one's weights stand when <paramref name="completed"/> is told of it.</summary>
    /// <param name="first">Where to begin.</param>
    /// <param name="sizes">σ and α of an iteration, asked for once those before it are completed.</param>
    /// <param name="completed">Told of each.</param>
    /// <param name="ended">Whether the run is over before its last iteration.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public void Run(int first, Func<int, StepSizes> sizes, Action<IterationResult> completed, Func<bool> ended, CancellationToken stop)
    {
        for (int iteration = first; iteration <= settings.Iterations && !ended(); iteration++)
            completed(Iterate(iteration, sizes(iteration), stop));
    }

    /// <summary>The same with σ and α as the settings have them.</summary>
    public void Run(int first, Action<IterationResult> completed, CancellationToken stop) =>
        Run(first, iteration => new(settings.SigmaAt(iteration), settings.LearningRateAt(iteration)), completed, () => false, stop);

    /// <summary>A probe population; the weights stay.</summary>
    public Probe Probe(int number, double sigma, double? center, CancellationToken stop) => _probes.Of(number, sigma, center, stop);

    private IterationResult Iterate(int iteration, StepSizes sizes, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        Perturbation[] members = Population(settings, iteration);
        (double sigma, double learningRate) = sizes;
        EncodedProblem[] asked = _prompts.Of(iteration);
        evaluation.TakeCounts();
        ResponseTotals[] totals = evaluation.OfMembers(members, (float)sigma, asked, generation, stop);
        GenerationCounts counts = evaluation.TakeCounts();
        ResponseTotals? center = settings.IsTuned ? _probes.Center(iteration, asked, stop) : null;
        stop.ThrowIfCancellationRequested();

        float[]? z = RewardShaping.Of(settings.Shaping, totals);
        long clock = Stopwatch.GetTimestamp();
        StepMeasure? step = null;
        if (z is not null)
        {
            StepSample sample = new(engine.Weights);
            Apply(engine, members, z, learningRate, settings.Update);
            step = sample.Measure();
        }
        ulong checksum = engine.Checksum();
        evaluation.Clock.Add("update", clock);
        evaluation.Clock.Add("iteration", start);
        return new(iteration, sigma, learningRate, totals, z, checksum, evaluation.Clock.Take(), counts,
            center?.Reward, center is null ? null : ProbePopulations.Changed(center, totals), step);
    }

    /// <summary>The noise of an iteration's members: each its own, or, mirrored, members 2j and 2j + 1 the same with opposite signs.</summary>
    public static Perturbation[] Population(EvolutionSettings settings, int iteration)
    {
        var members = new Perturbation[settings.Population];
        for (int n = 0; n < members.Length; n++)
            members[n] = settings.Mirrored
                ? new(settings.Seed, (uint)iteration, (uint)(n / 2), n % 2 == 0 ? 1 : -1, settings.Noise)
                : new(settings.Seed, (uint)iteration, (uint)n, Noise: settings.Noise);
        return members;
    }

    /// <summary>One update by the members' coefficients.</summary>
    public static void Apply(IEngine engine, IReadOnlyList<Perturbation> members, IReadOnlyList<float> z, double learningRate, UpdateRule rule) =>
        engine.ApplyUpdate(Step(members, z, learningRate, rule));

    /// <summary>An update by the members' coefficients.</summary>
    public static WeightStep Step(IReadOnlyList<Perturbation> members, IReadOnlyList<float> z, double learningRate, UpdateRule rule) =>
        new([.. members.Select((member, n) => new MemberCoefficient(member, z[n]))], learningRate, rule);
}
