using Evolute.Engines;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>A run's weights at any iteration, exact in float32 whatever type its result is stored in.</summary>
public static class RunWeights
{
    /// <summary>Whether a folder is a run's.</summary>
    public static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunSettings.FileName)) && File.Exists(Path.Combine(folder, Journal.FileName));

    /// <summary>Rebuilds them from the newest whole checkpoint, or the base, and the journal.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="iteration">How many updates they are to have; null for the run's result.</param>
    /// <param name="createEngine">Makes an engine that owns the weights.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>An engine with the weights, the base model, and the iteration.</returns>
    /// <exception cref="EvoluteInputException">The run has no result yet, or not as many iterations.</exception>
    /// <exception cref="EvoluteFaultException">The weights are not the journal's.</exception>
    public static (IEngine Engine, ModelDirectory Model, int Iteration) At(string path, int? iteration, Func<ModelSpec, WeightTable, IEngine> createEngine, CancellationToken stop = default)
    {
        RunFolder folder = new(path);
        RunHistory history = new(folder.Journal, Journal.Read(folder.Journal));
        int wanted = iteration ?? history.Final?.Iteration
            ?? throw new EvoluteInputException($"{path}: the run is not finished; go on with it by --resume, or name one of its {history.LastIteration} iterations with --iteration.");
        if (wanted < 0 || wanted > history.LastIteration) throw new EvoluteInputException($"--iteration: the run {path} has iterations up to {history.LastIteration}, not {wanted}.");
        ModelDirectory model = RunSettings.Read(path).OpenModel();
        return (new WeightHistory(folder, history, model, createEngine).At(wanted, fromCheckpoints: true, stop: stop), model, wanted);
    }
}
