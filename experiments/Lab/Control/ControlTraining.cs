using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Lab.Control;

/// <summary>What a training had cost when it solved its task, or in all, and its curve.</summary>
/// <param name="Passed">Episodes of the members when an evaluation first reached the threshold; null if none did.</param>
/// <param name="Solved">Whether one did whose policy also reached it in the longer evaluation.</param>
/// <param name="Episodes">Of the members, evaluations apart.</param>
/// <param name="Steps">Steps of those episodes.</param>
/// <param name="Curve">Episodes so far, and mean return of the policy over the evaluation's episodes.</param>
/// <param name="Confirmed">Mean return of the last policy in the longer evaluation; null if it had not passed the other.</param>
internal sealed record ControlOutcome(long? Passed, bool Solved, long Episodes, long Steps, IReadOnlyList<(long Episodes, double Return)> Curve, double? Confirmed);

/// <summary>Trains a policy by asking and telling; a pure function of task and seed, whatever the threads.</summary>
internal static class ControlTraining
{
    // Numbers beyond those of training, so that no first state is one that was trained on.
    private const int Evaluations = 100, FirstEvaluation = 1000, Confirmations = 1000, FirstConfirmation = 2000;

    /// <summary>
    /// Trains until the mean return over 100 fresh episodes reaches the threshold and that over 1000 others as well, or the iterations are used up. An evaluation
    /// before every iteration would sooner or later be lucky; the longer one, on other episodes, is not chosen by its result.
    /// </summary>
    /// <param name="recipe">Task and settings.</param>
    /// <param name="seed">The seed of noise and first states.</param>
    /// <param name="threads">Threads.</param>
    public static ControlOutcome Run(ControlRecipe recipe, ulong seed, int threads)
    {
        ControlTask task = recipe.Create();
        EvolutionSettings settings = recipe.Settings with { Seed = seed };
        TensorSpec[] tensors = Policy.Tensors(task.Observations, task.Outputs);
        using VectorEvolution strategy = new(new float[tensors.Sum(t => t.Length)], settings, tensors);
        double[] rewards = new double[settings.Population];
        int[] steps = new int[settings.Population];
        List<(long, double)> curve = [];
        long made = 0, stepsMade = 0;
        long? passed = null;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads };
        while (true)
        {
            double Mean(int first, int count) => ControlTraining.Mean(recipe, strategy.ToArray(), seed, strategy.Iteration, first, count, parallel);
            double mean = Mean(FirstEvaluation, Evaluations);
            curve.Add((made, mean));
            double? confirmed = mean >= task.Solved ? Mean(FirstConfirmation, Confirmations) : null;
            if (confirmed is not null) passed ??= made;
            if (confirmed >= task.Solved || strategy.Finished) return new(passed, confirmed >= task.Solved, made, stepsMade, curve, confirmed);
            uint iteration = (uint)strategy.Iteration + 1;
            Parallel.ForEach(strategy.Ask(), parallel, candidate =>
            {
                Policy policy = recipe.Policy(candidate.ToArray(), task);
                ControlTask own = recipe.Create();
                (rewards[candidate.Member], steps[candidate.Member]) = (0, 0);
                for (uint e = 0; e < recipe.Episodes; e++)
                {
                    (double total, int taken) = own.Episode(policy, NoiseKey.Of(seed, iteration, e, NoiseDomain.TaskGeneration));
                    rewards[candidate.Member] += total / recipe.Episodes;
                    steps[candidate.Member] += taken;
                }
            });
            made += (long)recipe.Episodes * settings.Population;
            stepsMade += steps.Sum(s => (long)s);
            strategy.Tell(rewards);
        }
    }

    private static double Mean(ControlRecipe recipe, float[] weights, ulong seed, int iteration, int first, int count, ParallelOptions parallel)
    {
        double[] returns = new double[count];
        Parallel.For(0, count, parallel, e =>
        {
            ControlTask task = recipe.Create();
            returns[e] = task.Episode(recipe.Policy(weights, task), NoiseKey.Of(seed, (uint)iteration, (uint)(first + e), NoiseDomain.TaskGeneration)).Return;
        });
        return returns.Sum() / count;
    }
}
