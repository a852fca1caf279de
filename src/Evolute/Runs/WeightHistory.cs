using System.Globalization;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>Rebuilds the weights of any iteration from the base, or from the newest whole checkpoint, and the journal's seeds and coefficients.</summary>
/// <param name="folder">The run.</param>
/// <param name="history">Its journal.</param>
/// <param name="model">Its base model.</param>
/// <param name="createEngine">Makes an engine that owns the weights.</param>
/// <param name="loadedBase">The base weights where they are loaded and proved already; owned from now on.</param>
internal sealed class WeightHistory(
    RunFolder folder, RunHistory history, ModelDirectory model, Func<ModelSpec, WeightTable, IEngine> createEngine, WeightTable? loadedBase = null) : IDisposable
{
    private readonly RunCheckpoints _checkpoints = new(folder, model);
    private WeightTable? _loadedBase = loadedBase;

    /// <summary>An engine with the weights after an iteration; 0 are the base weights.</summary>
    /// <param name="iteration">How many updates the weights are to have.</param>
    /// <param name="fromCheckpoints">Whether a checkpoint may save work; without, everything comes from the base, and so does what the engine keeps between updates.</param>
    /// <param name="progress">Told of every update made again.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteFaultException">An update does not give the weights that the journal recorded.</exception>
    public IEngine At(int iteration, bool fromCheckpoints, Action<int>? progress = null, CancellationToken stop = default)
    {
        (IEngine engine, int done) = (fromCheckpoints ? FromCheckpoint(iteration) : null) ?? (Base(), 0);
        try
        {
            for (int i = done; i < iteration; i++)
            {
                stop.ThrowIfCancellationRequested();
                Repeat(engine, history.Iterations[i]);
                progress?.Invoke(i + 1);
            }
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Frees the base weights if nothing took them.</summary>
    public void Dispose() => _loadedBase?.Dispose();

    private IEngine Base()
    {
        if (_loadedBase is { } loaded)
        {
            _loadedBase = null;
            return Engine(loaded);
        }
        WeightTable weights = model.LoadWeights();
        try
        {
            history.RequireBase(model.Path, WeightsDigest.Sha256(weights));
            return Engine(weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private IEngine Engine(WeightTable weights)
    {
        history.Parameters.ApplyTo(weights);
        return createEngine(model.Spec, weights);
    }

    private void Repeat(IEngine engine, IterationEntry entry)
    {
        if (entry.Coefficients is { } z)
            EvolutionLoop.Apply(engine, entry.Members(history.Noise), z, entry.LearningRate, history.Rule);
        string checksum = Hex(engine.Checksum());
        if (checksum != entry.Checksum)
            throw new EvoluteFaultException(
                $"{folder.Journal}: iteration {entry.Iteration} gives weights with checksum {checksum}, the journal says {entry.Checksum}; the base model or the program is not the run's.");
    }

    public static string Hex(ulong checksum) => checksum.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>
    /// A checkpoint counts only where its weights are those that the journal has for its iteration, and no update has to follow that needs more than weights.
    /// </summary>
    private (IEngine Engine, int Iteration)? FromCheckpoint(int upTo)
    {
        int from = history.Rule.HasState ? upTo : 1;
        if (!_checkpoints.Any(from, upTo)) return null;
        // Base and checkpoint would be in memory together.
        _loadedBase?.Dispose();
        _loadedBase = null;
        return _checkpoints.Newest(from, upTo, (weights, iteration) => Hex(WeightsDigest.Checksum(weights)) == history.Iterations[iteration - 1].Checksum) is { } checkpoint
            ? (Engine(checkpoint.Weights), checkpoint.Iteration)
            : null;
    }
}
