using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>
/// Answers of a whole population with full and with low-rank noise, and as many answers to the same prompts by the weights as they are: the three in turn. End tokens are ignored and no
/// prompts are shared, so that all generate the same number of tokens from as many rows.
/// </summary>
internal sealed class PopulationStage(CountedEngine engine, EvolutionSettings settings, int[][] prompts, int batchSize, CancellationToken stop)
{
    private readonly GenerationSettings _generation = settings.Generation([]) with { IgnoreEndTokens = true };
    private readonly EncodedProblem[] _problems = UnscoredTask.ProblemsOf(prompts);
    private readonly Generator _generator = new(engine, null, batchSize) { SharesPrefixes = false };

    /// <summary>The rows.</summary>
    public IReadOnlyList<BenchRow> Rows(StageTiming timing)
    {
        timing.Begin($"a population of {settings.Population}, {prompts.Length} prompts each");
        (string Name, Action<int> Body)[] kinds =
        [
            ("population-full", iteration => OfMembers(NoiseForm.Full, iteration)),
            ("population-low-rank", iteration => OfMembers(NoiseForm.LowRank, iteration)),
            ("population-unperturbed", _ => OfWeights()),
        ];
        foreach (var (_, body) in kinds) body(1);
        long workingSet = engine.Take().LargestStep * engine.Seats, tokens = (long)settings.Population * prompts.Length * settings.MaxNewTokens;
        List<StageSample>[] samples = [.. kinds.Select(_ => new List<StageSample>())];
        int iteration = 1;
        LimitReading limits = timing.Repeat(workingSet, () =>
        {
            iteration++;
            for (int i = 0; i < kinds.Length; i++)
            {
                double seconds = StageTiming.Seconds(() => kinds[i].Body(iteration));
                samples[i].Add(new(seconds, engine.Take(), tokens));
            }
        });
        return [.. kinds.Select((kind, i) => BenchRow.Of(kind.Name, prompts.Length, samples[i], limits))];
    }

    private void OfMembers(NoiseForm form, int iteration) => new ResponseEvaluation(engine, _generator, new UnscoredTask()).OfMembers(
        EvolutionLoop.Population(settings with { Noise = NoiseKind.Of(form) }, iteration), (float)settings.Sigma, _problems, _generation, stop);

    private void OfWeights() =>
        PromptBatch.Run(engine, _generator, [.. Enumerable.Range(0, settings.Population).SelectMany(_ => prompts)], _generation, default, stop: stop);
}
