using System.Globalization;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>
/// The folder <c>checkpoints</c> of a run: models in Hugging Face layout with float32 weights, so that going on from one is exact. They save time and nothing
/// else: what is missing or damaged is made again from the journal.
/// </summary>
internal sealed class RunCheckpoints(RunFolder folder, ModelDirectory model)
{
    /// <summary>How many of the newest stay, besides the chosen one.</summary>
    private const int Keep = 2;

    /// <summary>Writes the weights after an iteration, then removes older checkpoints that nothing needs.</summary>
    public void Write(int iteration, WeightTable weights, int chosen)
    {
        string path = folder.Checkpoint(iteration);
        string card = string.Create(CultureInfo.InvariantCulture, $"# Checkpoint of iteration {iteration}\n\nWritten by Evolute during a run; float32 weights. The run's `final` folder holds its result.\n");
        ModelWriter.Write(path, model, weights, card, new ModelWriteSettings { StoredType = StoredType.F32, Replace = true });
        foreach (int old in Iterations().Where(i => i != chosen).Skip(Keep).ToArray()) Remove(folder.Checkpoint(old));
    }

    private static void Remove(string checkpoint)
    {
        try
        {
            Directory.Delete(checkpoint, recursive: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new EvoluteFaultException($"{checkpoint}: this old checkpoint cannot be removed: {e.Message}", e);
        }
    }

    /// <summary>Whether there is one of some iterations, whole or not.</summary>
    public bool Any(int from, int upTo) => Iterations().Any(i => i >= from && i <= upTo);

    /// <summary>The newest whole checkpoint of some iterations whose weights are the ones wanted, or null.</summary>
    /// <param name="from">The first iteration that counts.</param>
    /// <param name="upTo">The last iteration that counts.</param>
    /// <param name="isWanted">Whether these are the weights of that iteration.</param>
    public (WeightTable Weights, int Iteration)? Newest(int from, int upTo, Func<WeightTable, int, bool> isWanted)
    {
        foreach (int iteration in Iterations().Where(i => i >= from && i <= upTo))
        {
            try
            {
                CheckpointValidity.Check(folder.Checkpoint(iteration));
                // A checkpoint's weights are float32 whatever the base's are; the result is stored as the base is.
                WeightTable weights = model.LoadWeights(folder.Checkpoint(iteration));
                if (isWanted(weights, iteration)) return (weights, iteration);
                weights.Dispose();
            }
            catch (Exception e) when (e is EvoluteFaultException or EvoluteInputException)
            {
                // Damaged: an older one, or the base and the journal, give the same weights.
            }
        }
        return null;
    }

    private IEnumerable<int> Iterations() => !Directory.Exists(folder.Checkpoints) ? [] : Directory.GetDirectories(folder.Checkpoints)
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int iteration) ? iteration : -1)
        .Where(iteration => iteration > 0).OrderDescending();
}
