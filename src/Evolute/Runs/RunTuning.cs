using System.Globalization;
using Evolute.Evolution;

namespace Evolute.Runs;

/// <summary>σ and α of a run that sets them itself, from what its journal says: a run that goes on has the values that it would have had.</summary>
internal sealed class RunTuning(RunHistory history, EvolutionSettings settings)
{
    /// <summary>Evaluations that calibration took: a probe's members each, and once the unperturbed weights.</summary>
    public static int Evaluations(RunHistory history) => history.Probes.Count == 0 ? 0 : 1 + history.Probes.Sum(p => p.Rewards.Count);

    /// <summary>Makes the probes that are still to be made before the first iteration.</summary>
    public void Calibrate(EvolutionLoop trainer, Action<Probe> record, TrainingObserver observer, CancellationToken stop)
    {
        if (!settings.AutoSigma || history.LastIteration > 0) return;
        SearchState state;
        while (!(state = SigmaSearch.After(settings.Sigma, history.Probes)).Done)
        {
            Probe probe = trainer.Probe(history.Probes.Count + 1, state.Sigma, history.Probes.Count > 0 ? history.Probes[0].Center : null, stop);
            record(probe);
            observer.Probed(probe);
        }
        string cost = string.Create(CultureInfo.InvariantCulture, $"{history.Probes.Count} probe populations, {Evaluations(history)} evaluations of members ({(double)Evaluations(history) / settings.Population:0.0} iterations' worth)");
        observer.Note(state.Found
            ? string.Create(CultureInfo.InvariantCulture, $"Calibration: σ begins at {state.Sigma:g4}; {cost}.")
            : string.Create(CultureInfo.InvariantCulture, $"Calibration found no σ from {history.Probes.Min(p => p.Sigma):g4} to {history.Probes.Max(p => p.Sigma):g4} at which perturbations begin to harm, so the starting value {state.Sigma:g4} stays; {cost}. Give --sigma a number, or prompts that the base model earns some reward on."));
    }

    /// <summary>σ and α of the next iteration.</summary>
    public StepSizes SizesAt(int iteration)
    {
        if (!settings.IsTuned) return new(settings.SigmaAt(iteration), settings.LearningRateAt(iteration));
        double sigma = settings.AutoSigma ? SigmaSearch.After(settings.Sigma, history.Probes).Sigma : settings.SigmaAt(iteration);
        StepSizes sizes = StepControl.After(settings, sigma, [.. history.Iterations.Take(iteration - 1).Select(i => new StepObservation(i.Center ?? 0, i.Rewards, i.Changed ?? 0))]);
        return settings.AutoLearningRate ? sizes : sizes with { LearningRate = settings.LearningRateAt(iteration) };
    }
}
