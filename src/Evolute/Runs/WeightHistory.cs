using System.Globalization;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Runs;

/// <summary>Rebuilds the weights of any iteration from the base, or from the newest whole checkpoint, and the journal's seeds and coefficients.</summary>
internal sealed class WeightHistory(RunFolder folder, RunHistory history, ModelDirectory model, Func<ModelSpec, WeightTable, IEngine> createEngine)
{
    /// <summary>An engine with the weights after an iteration; 0 are the base weights.</summary>
    /// <param name="iteration">How many updates the weights are to have.</param>
    /// <param name="fromCheckpoints">Whether a checkpoint may save work; without, everything comes from the base.</param>
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

    private IEngine Base()
    {
        WeightTable weights = model.LoadWeights();
        try
        {
            history.RequireBase(model.Path, WeightsDigest.Sha256(weights));
            return createEngine(model.Spec, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private void Repeat(IEngine engine, IterationEntry entry)
    {
        if (entry.Coefficients is { } z)
            EvolutionTrainer.Apply(engine, [.. entry.Pairs.Select(pair => new Perturbation(entry.Seed, (uint)entry.Iteration, pair))], z, entry.LearningRate);
        string checksum = Hex(engine.Checksum());
        if (checksum != entry.Checksum)
            throw new EvoluteFaultException(
                $"{folder.Journal}: iteration {entry.Iteration} gives weights with checksum {checksum}, the journal says {entry.Checksum}; the base model or the program is not the run's.");
    }

    public static string Hex(ulong checksum) => checksum.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A checkpoint counts only where its weights are those that the journal has for its iteration.</summary>
    private (IEngine Engine, int Iteration)? FromCheckpoint(int upTo)
    {
        if (new RunCheckpoints(folder, model).Newest(upTo) is not { } checkpoint) return null;
        if (Hex(WeightsDigest.Checksum(checkpoint.Weights)) == history.Iterations[checkpoint.Iteration - 1].Checksum)
            return (createEngine(model.Spec, checkpoint.Weights), checkpoint.Iteration);
        checkpoint.Weights.Dispose();
        return null;
    }
}
