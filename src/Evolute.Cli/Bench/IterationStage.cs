using System.Diagnostics;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>
/// An iteration of evolution on random prompts: what the trainer does with a population, end tokens ignored and coefficients given, so that the work is
/// always the same.
/// </summary>
internal sealed class IterationStage
{
    private readonly CountedEngine _engine;
    private readonly EvolutionSettings _settings;
    private readonly GenerationSettings _generation;
    private readonly EncodedProblem[] _problems;
    private readonly ResponseEvaluation _evaluation;
    private readonly float[] _coefficients;
    private readonly CancellationToken _stop;

    public IterationStage(CountedEngine engine, Generator generator, EvolutionSettings settings, int[][] prompts, CancellationToken stop)
    {
        (_engine, _settings, _stop) = (engine, settings, stop);
        _generation = settings.Generation([]) with { IgnoreEndTokens = true };
        _problems = UnscoredTask.ProblemsOf(prompts);
        _evaluation = new ResponseEvaluation(engine, generator, new UnscoredTask());
        _coefficients = [.. Enumerable.Range(0, settings.Population).Select(n => n % 2 == 0 ? 1f : -1f)];
    }

    /// <summary>The rows of an iteration and its stages.</summary>
    public IReadOnlyList<BenchRow> Rows(StageTiming timing, int threads)
    {
        timing.Begin($"an iteration, {_settings.Population} members, {_problems.Length} prompts of {_problems[0].Ids.Length} tokens, {_settings.MaxNewTokens} new tokens each");
        int iteration = 1;
        // One prompt and two tokens run every part once.
        Run(iteration++, _problems[..1], _generation with { MaxNewTokens = 2 });
        long workingSet = _engine.Take().LargestStep * _engine.Seats;
        IterationSamples samples = new(_engine, _settings.Population, threads);
        long newTokens = (long)_settings.Population * _problems.Length * _settings.MaxNewTokens, promptTokens = _settings.Population * _problems.Sum(p => (long)p.Ids.Length);
        LimitReading limits = timing.Repeat(workingSet, () => samples.Add(Run(iteration++, _problems, _generation), promptTokens, newTokens));
        return [.. samples.Rows(limits)];
    }

    private IReadOnlyDictionary<string, double> Run(int iteration, EncodedProblem[] problems, GenerationSettings generation)
    {
        long start = Stopwatch.GetTimestamp();
        Perturbation[] members = EvolutionLoop.Population(_settings, iteration);
        _evaluation.OfMembers(members, (float)_settings.Sigma, problems, generation, _stop);
        long clock = Stopwatch.GetTimestamp();
        EvolutionLoop.Apply(_engine, members, _coefficients, _settings.LearningRate, _settings.Update);
        _engine.Checksum();
        _evaluation.Clock.Add("update", clock);
        _evaluation.Clock.Add("iteration", start);
        return _evaluation.Clock.Take();
    }
}
