using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>
/// Measures how far a run's weights have gone from the base's every so many iterations, into a file of its own: nothing of the run depends on it. It holds a second engine with the base's weights.
/// </summary>
/// <param name="path">The file, rewritten as a whole for every line, so that it never holds half of one.</param>
/// <param name="settings">The run's settings.</param>
/// <param name="problems">The fixed problems that are answered.</param>
/// <param name="createBase">Makes an engine of the base.</param>
internal sealed class RunDrift(string path, RunSettings settings, IReadOnlyList<EncodedProblem> problems, Func<IEngine> createBase) : IDisposable
{
    /// <summary>Most problems that are answered.</summary>
    public const int MostPrompts = 32;

    private readonly List<DriftEntry> _entries = [.. DriftEntry.Read(path)];
    private IEngine? _base;

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<DriftEntry> Entries => _entries;

    /// <summary>Measures the weights after an iteration, unless it is not due or done already.</summary>
    /// <returns>The new line, or null.</returns>
    public DriftEntry? MeasureWhereDue(int iteration, TaskSession session, CancellationToken stop)
    {
        if (iteration == 0 || iteration % settings.DriftEvery != 0 || _entries.Any(e => e.Iteration == iteration)) return null;
        _base ??= createBase();
        EncodedProblem[] asked = [.. problems.Take(MostPrompts)];
        GenerationSettings greedy = (settings.Evolution with { Temperature = 0 }).Generation(session.Task.StopStrings);
        int[][] answers = [.. session.Evaluation.OfWeights(asked, greedy, default, stop).Select(r => r.Completion.OutputIds)];
        DivergenceResult kl = DivergenceResult.Of(new SequenceDivergence(session.Engine, _base).Along([.. asked.Select(p => p.Ids)], answers, stop));
        WeightDistance weights = WeightDistance.Of(session.Engine.Weights, _base.Weights, settings.SaveType);
        DriftEntry entry = new(iteration, kl.Mean, kl.Interval.Low, kl.Interval.High, weights.Norm, weights.Relative, weights.Changed);
        // What a run that was cut back had measured beyond is not of this one.
        _entries.RemoveAll(e => e.Iteration > iteration);
        _entries.Add(entry);
        DurableFile.Replace(path, file =>
        {
            foreach (DriftEntry line in _entries) file.Write(line.ToLine());
        });
        return entry;
    }

    /// <inheritdoc/>
    public void Dispose() => _base?.Dispose();
}
