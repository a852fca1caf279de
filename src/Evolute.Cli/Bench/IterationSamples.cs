namespace Evolute.Cli.Bench;

/// <summary>The measurements of iterations of evolution, whole and by stage.</summary>
internal sealed class IterationSamples(CountedEngine engine, int population, int threads)
{
    // In the order of the work; a stage that an iteration does not have is left out.
    private static readonly string[] Stages = ["prepare", "generate", "reward", "update", "iteration"];

    private readonly Dictionary<string, List<StageSample>> _samples = Stages.ToDictionary(s => s, _ => new List<StageSample>());
    private readonly List<double> _tokensPerSecond = [];
    private readonly long _parameters = engine.Weights.ParameterCount;

    /// <summary>Takes one iteration over.</summary>
    /// <param name="seconds">Seconds by stage as the trainer's clock has them: of all stages but update and iteration summed over the seats.</param>
    /// <param name="promptTokens">Tokens of all prompts of all members.</param>
    /// <param name="newTokens">Tokens that were generated.</param>
    public void Add(IReadOnlyDictionary<string, double> seconds, long promptTokens, long newTokens)
    {
        // Packing reads masters and writes panels; the update reads and writes masters, and the checksum reads them again.
        long packing = engine.PackingBytes * population, updating = 3L * sizeof(float) * _parameters;
        OperationCount steps = engine.Take();
        foreach (string stage in Stages)
        {
            if (!seconds.TryGetValue(stage, out double time)) continue;
            bool together = stage is "update" or "iteration";
            OperationCount work = stage switch
            {
                "prepare" => new(0, packing, 0, 0),
                "generate" => steps,
                "update" => new(0, updating, 0, 0),
                "iteration" => steps + new OperationCount(0, packing + updating, 0, 0),
                _ => default,
            };
            _samples[stage].Add(new(together ? time : time / engine.Seats, work, stage is "generate" or "iteration" ? newTokens : 0));
        }
        _tokensPerSecond.Add((promptTokens + newTokens) / seconds["iteration"]);
    }

    /// <summary>The rows.</summary>
    public IEnumerable<BenchRow> Rows(LimitReading limits)
    {
        foreach (string stage in Stages.Where(s => _samples[s].Count > 0))
        {
            BenchRow row = BenchRow.Of(stage, null, _samples[stage], limits);
            yield return stage switch
            {
                "prepare" => row with { NsPerNormalPerCore = row.Seconds * threads * 1e9 / ((double)engine.PackedElements * population) },
                "update" => row with { NsPerNormalPerCore = row.Seconds * threads * 1e9 / ((double)_parameters * population) },
                "iteration" => row with { ShareOfPeakByParameters = 2.0 * _parameters * BenchRow.Median(_tokensPerSecond) / (limits.PeakGflops * 1e9) },
                _ => row,
            };
        }
    }
}
