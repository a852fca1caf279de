using Evolute.Engines;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>Rebuilds a run's weights from the base model and the journal alone and proves them against every checksum.</summary>
public static class Replay
{
    /// <summary>Replays a run up to its result, or where it has none yet, up to its last iteration.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="model">The base model's folder, or null for the one in the run's settings.</param>
    /// <param name="createEngine">Makes an engine that owns the weights.</param>
    /// <param name="progress">Told of (done, of).</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The engine with the weights, the iteration they are of, and their SHA-256.</returns>
    /// <exception cref="EvoluteFaultException">The weights are not the journal's.</exception>
    public static (IEngine Engine, int Iteration, string Sha256) Run(
        string path, string? model, Func<ModelSpec, WeightTable, IEngine> createEngine, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        RunFolder folder = new(path);
        RunHistory history = new(folder.Journal, Journal.Read(folder.Journal));
        ModelDirectory directory = model is null ? RunSettings.Read(path).OpenModel() : ModelDirectory.Open(model);
        int iteration = history.Final?.Iteration ?? history.LastIteration;
        // The whole journal is proved, so the weights of later iterations come first where an earlier one was chosen.
        if (iteration < history.LastIteration)
            new WeightHistory(folder, history, directory, createEngine).At(history.LastIteration, fromCheckpoints: false, i => progress?.Invoke(i, history.LastIteration), stop).Dispose();
        IEngine engine = new WeightHistory(folder, history, directory, createEngine).At(iteration, fromCheckpoints: false, i => progress?.Invoke(i, iteration), stop);
        string sha256 = WeightsDigest.Sha256(engine.Weights);
        if (history.Final is { } final && final.WeightsSha256 != sha256)
        {
            engine.Dispose();
            throw new EvoluteFaultException($"{folder.Journal}: the weights' SHA-256 is {sha256}, the journal's last line says {final.WeightsSha256}.");
        }
        return (engine, iteration, sha256);
    }
}
