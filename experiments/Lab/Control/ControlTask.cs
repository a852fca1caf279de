using Evolute.Noise;

namespace Evolute.Lab.Control;

/// <summary>A control task by Gymnasium's definition: a state, actions, a reward a step, an end.</summary>
internal abstract class ControlTask
{
    /// <summary>Gymnasium's name.</summary>
    public abstract string Name { get; }

    /// <summary>The most steps of an episode.</summary>
    public abstract int StepLimit { get; }

    /// <summary>The mean return from which on the task counts as solved.</summary>
    public abstract double Solved { get; }

    /// <summary>Numbers of an observation.</summary>
    public abstract int Observations { get; }

    /// <summary>Outputs of a policy: one an action, or one in all for a force.</summary>
    public abstract int Outputs { get; }

    /// <summary>The observations that change their sign when left and right are exchanged; empty where no recipe asks.</summary>
    public virtual int[] MirroredObservations => [];

    /// <summary>The state, as the definition's own variables.</summary>
    public double[] State { get; protected set; } = [];

    /// <summary>Begins an episode.</summary>
    /// <param name="uniforms">Four numbers from 0 to 1.</param>
    public abstract void Reset(ReadOnlySpan<double> uniforms);

    /// <summary>What the policy sees, scaled to about ±1.</summary>
    public abstract void Observe(Span<double> observation);

    /// <summary>One step.</summary>
    /// <param name="outputs">The policy's.</param>
    /// <returns>Its reward, and whether the episode is over (the step limit apart).</returns>
    public abstract (double Reward, bool Over) Step(ReadOnlySpan<double> outputs);

    /// <summary>One episode of a policy: the sum of its rewards, and its steps.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="draws">What the first state is drawn from.</param>
    public (double Return, int Steps) Episode(Policy policy, NoiseKey draws)
    {
        var (w0, w1, w2, w3) = draws.Words(0, 0);
        Reset([Uniform(w0), Uniform(w1), Uniform(w2), Uniform(w3)]);
        Span<double> observation = stackalloc double[Observations], outputs = stackalloc double[Outputs];
        double sum = 0;
        for (int step = 1; ; step++)
        {
            Observe(observation);
            policy.Decide(observation, outputs);
            (double reward, bool over) = Step(outputs);
            sum += reward;
            if (over || step == StepLimit) return (sum, step);
        }
    }

    /// <summary>The number of the greatest output, the first of equals.</summary>
    protected static int Greatest(ReadOnlySpan<double> outputs)
    {
        int best = 0;
        for (int i = 1; i < outputs.Length; i++) if (outputs[i] > outputs[best]) best = i;
        return best;
    }

    private static double Uniform(uint word) => (word + 0.5) / 4294967296.0;
}
