using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Lab.Control;

/// <summary>What a training had cost when it solved its task, or in all, and its curve.</summary>
/// <param name="Solved">Whether it did.</param>
/// <param name="Episodes">Of the members, evaluations apart.</param>
/// <param name="Steps">Steps of those episodes.</param>
/// <param name="Curve">Episodes so far, and mean return of the policy over the evaluation's episodes.</param>
internal sealed record ControlOutcome(bool Solved, long Episodes, long Steps, IReadOnlyList<(long Episodes, double Return)> Curve);

/// <summary>Trains a policy by asking and telling; a pure function of task and seed, whatever the threads.</summary>
internal static class ControlTraining
{
    private const int Evaluations = 100;

    /// <summary>How policies are trained.</summary>
    public static EvolutionSettings Settings { get; } = new()
    {
        Population = 32,
        Mirrored = true,
        Shaping = Shaping.CenteredRanks,
        Sigma = 0.3,
        LearningRate = 0.1,
        Update = new() { Optimizer = Optimizer.Adam },
        Iterations = 300,
    };

    /// <summary>Trains until the mean return over 100 fresh episodes reaches the threshold, or the iterations are used up.</summary>
    /// <param name="create">Makes the task; members run side by side, each with its own.</param>
    /// <param name="settings">Population, σ and the others.</param>
    /// <param name="episodes">Episodes a member and iteration; all members begin in the same states.</param>
    /// <param name="threads">Threads.</param>
    public static ControlOutcome Run(Func<ControlTask> create, EvolutionSettings settings, int episodes, int threads)
    {
        ControlTask task = create();
        TensorSpec[] tensors = Policy.Tensors(task.Observations, task.Outputs);
        using VectorEvolution strategy = new(new float[tensors.Sum(t => t.Length)], settings, tensors);
        double[] rewards = new double[settings.Population];
        int[] steps = new int[settings.Population];
        List<(long, double)> curve = [];
        long made = 0, stepsMade = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads };
        while (true)
        {
            double mean = Mean(create, strategy.ToArray(), settings.Seed, strategy.Iteration, parallel);
            curve.Add((made, mean));
            if (mean >= task.Solved || strategy.Finished) return new(mean >= task.Solved, made, stepsMade, curve);
            uint iteration = (uint)strategy.Iteration + 1;
            Parallel.ForEach(strategy.Ask(), parallel, candidate =>
            {
                Policy policy = new(candidate.ToArray(), task.Observations, task.Outputs);
                ControlTask own = create();
                (rewards[candidate.Member], steps[candidate.Member]) = (0, 0);
                for (uint e = 0; e < episodes; e++)
                {
                    (double total, int taken) = own.Episode(policy, NoiseKey.Of(settings.Seed, iteration, e, NoiseDomain.TaskGeneration));
                    rewards[candidate.Member] += total / episodes;
                    steps[candidate.Member] += taken;
                }
            });
            made += (long)episodes * settings.Population;
            stepsMade += steps.Sum(s => (long)s);
            strategy.Tell(rewards);
        }
    }

    private static double Mean(Func<ControlTask> create, float[] weights, ulong seed, int iteration, ParallelOptions parallel)
    {
        double[] returns = new double[Evaluations];
        Parallel.For(0, Evaluations, parallel, e =>
        {
            ControlTask task = create();
            // Numbers beyond those of training, so that no first state is one that was trained on.
            returns[e] = task.Episode(new Policy(weights, task.Observations, task.Outputs), NoiseKey.Of(seed, (uint)iteration, 1000 + (uint)e, NoiseDomain.TaskGeneration)).Return;
        });
        return returns.Sum() / Evaluations;
    }
}
