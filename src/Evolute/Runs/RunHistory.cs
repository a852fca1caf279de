using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Noise;

namespace Evolute.Runs;

/// <summary>What a journal says, checked for order: the run's line first, then iterations 1, 2, … with evaluations between them.</summary>
internal sealed class RunHistory
{
    private readonly List<IterationEntry> _iterations = [];
    private readonly List<EvaluationResult> _evaluations = [];
    private readonly List<Probe> _probes = [];
    private readonly string _path;

    /// <summary>Reads entries that were written so far.</summary>
    /// <exception cref="EvoluteFaultException">They do not follow on each other; the sentence names the line.</exception>
    public RunHistory(string path, IEnumerable<JournalEntry> entries)
    {
        _path = path;
        int line = 0;
        foreach (JournalEntry entry in entries)
        {
            line++;
            if (!Follows(entry, line)) throw new EvoluteFaultException($"{path}, line {line}: the line does not follow on those before it; restore the file from a copy.");
            Add(entry);
        }
    }

    /// <summary>The first line; null in an empty journal.</summary>
    public RunEntry? Run { get; private set; }

    /// <summary>How updates move the weights.</summary>
    public UpdateRule Rule => Run?.Update ?? new();

    /// <summary>Which tensors are trained.</summary>
    public ParameterSelection Parameters => Run?.Parameters ?? new();

    /// <summary>How members' noise is made.</summary>
    public NoiseKind Noise => Run?.Noise ?? default;

    public IReadOnlyList<IterationEntry> Iterations => _iterations;

    public IReadOnlyList<EvaluationResult> Evaluations => _evaluations;

    /// <summary>The calibration's probe populations.</summary>
    public IReadOnlyList<Probe> Probes => _probes;

    public FinalEntry? Final { get; private set; }

    public int LastIteration => _iterations.Count;

    public EvaluationResult? Evaluation(string split, int iteration) => _evaluations.LastOrDefault(e => e.Split == split && e.Iteration == iteration);

    /// <summary>The measurement of a split by the weights that an iteration has, on that iteration or on an earlier one that left them the same.</summary>
    public EvaluationResult? EvaluationOfWeights(string split, int iteration)
    {
        int first = iteration;
        while (first > 0 && StaysAt(first)) first--;
        return _evaluations.LastOrDefault(e => e.Split == split && e.Iteration >= first && e.Iteration <= iteration);
    }

    /// <summary>
    /// The iteration whose weights are the result: the one with the highest validation reward, of equals the earliest; without validation the last.
    /// </summary>
    public int Chosen() => _evaluations.Where(e => e.Split == Splits.Validation).MaxBy(e => e.Reward)?.Iteration ?? LastIteration;

    public void Add(JournalEntry entry)
    {
        switch (entry)
        {
            case RunEntry run: Run = run; break;
            case ProbeEntry probe: _probes.Add(probe.Probe); break;
            case IterationEntry iteration: _iterations.Add(iteration); break;
            case EvaluationEntry evaluation: _evaluations.Add(evaluation.Result); break;
            case FinalEntry final: Final = final; break;
        }
    }

    /// <summary>Checks that the journal belongs to these base weights and this program's noise.</summary>
    /// <exception cref="EvoluteInputException">It does not.</exception>
    public void RequireBase(string model, string sha256)
    {
        if (Run is not { } run) throw new EvoluteInputException($"{_path}: the journal is empty.");
        if (run.Format != RunEntry.CurrentFormat || run.NoiseVersion != NoiseKey.Version)
            throw new EvoluteInputException($"{_path}: journal format {run.Format} with noise version {run.NoiseVersion} is not what this program writes ({RunEntry.CurrentFormat} and {NoiseKey.Version}).");
        if (run.BaseSha256 != sha256)
            throw new EvoluteInputException($"{model}: these are not the run's base weights: their SHA-256 is {sha256}, the journal's is {run.BaseSha256}; give the base model with --model.");
    }

    /// <summary>Whether an iteration left the weights as they were: because its rewards were equal, or the step too small for their type.</summary>
    private bool StaysAt(int iteration) =>
        _iterations[iteration - 1].Coefficients is null || (iteration > 1 && _iterations[iteration - 1].Checksum == _iterations[iteration - 2].Checksum);

    private bool Follows(JournalEntry entry, int line) => entry switch
    {
        RunEntry => line == 1,
        ProbeEntry p => line > 1 && LastIteration == 0 && p.Probe.Number == _probes.Count + 1 && p.Probe.Rewards.Count > 0,
        IterationEntry i => line > 1 && Final is null && i.Iteration == LastIteration + 1 && i.Pairs.Count == i.Rewards.Count && (i.Coefficients is null || i.Coefficients.Count == i.Pairs.Count)
            && (i.Signs is null || (i.Signs.Count == i.Pairs.Count && i.Signs.All(s => s is 1 or -1))),
        EvaluationEntry e => line > 1 && Final is null && e.Result.Iteration >= 0 && e.Result.Iteration <= LastIteration,
        FinalEntry f => line > 1 && Final is null && f.Iteration >= 0 && f.Iteration <= LastIteration,
        _ => false,
    };
}

/// <summary>Names of splits in the journal.</summary>
internal static class Splits
{
    public const string Validation = "validation", Test = "test";
}
