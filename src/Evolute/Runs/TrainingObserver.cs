using Evolute.Evolution;

namespace Evolute.Runs;

/// <summary>Told of a run's progress as it goes; what it does never reaches a result.</summary>
public class TrainingObserver
{
    /// <summary>The run goes into this folder and makes iterations from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public virtual void Started(string folder, int first, int last) { }

    /// <summary>Something that the user should know, as a sentence.</summary>
    public virtual void Note(string sentence) { }

    /// <summary>Weights of earlier iterations were made again from the journal.</summary>
    public virtual void Rebuilt(int iteration, int of) { }

    /// <summary>An evaluation of the weights after an iteration is beginning.</summary>
    public virtual void Evaluating(string split, int iteration, int problems) { }

    /// <summary>An evaluation is done.</summary>
    public virtual void Evaluated(EvaluationResult evaluation) { }

    /// <summary>The distance from the base was measured.</summary>
    public virtual void Drifted(DriftEntry drift) { }

    /// <summary>A probe population of the calibration is done and stands in the journal.</summary>
    public virtual void Probed(Probe probe) { }

    /// <summary>An iteration is done and stands in the journal.</summary>
    public virtual void Completed(IterationResult iteration) { }
}
