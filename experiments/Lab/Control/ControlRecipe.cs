using Evolute.Engines;
using Evolute.Evolution;

namespace Evolute.Lab.Control;

/// <summary>A task and how it is trained.</summary>
/// <param name="Name">What sets it apart from the task's other recipes.</param>
/// <param name="Create">Makes the task; members run side by side, each with its own.</param>
/// <param name="Settings">Population, σ and the others.</param>
/// <param name="Episodes">Episodes a member and iteration; all members begin in the same states.</param>
/// <param name="IsOdd">Whether the policy answers the mirrored state with the opposite force.</param>
internal sealed record ControlRecipe(string Name, Func<ControlTask> Create, EvolutionSettings Settings, int Episodes, bool IsOdd = false)
{
    /// <summary>What the three tasks are trained with if nothing else is said.</summary>
    public static EvolutionSettings Common { get; } = new()
    {
        Population = 32,
        Mirrored = true,
        Shaping = Shaping.CenteredRanks,
        Sigma = 0.3,
        LearningRate = 0.1,
        Update = new() { Optimizer = Optimizer.Adam },
        Iterations = 300,
    };

    /// <summary>The best of <see cref="ControlTuning"/>'s grid by the median of its seeds, none of which the experiment reports.</summary>
    public static ControlRecipe TunedPendulum { get; } = new("odd and tuned", () => new Pendulum(), Common with { Sigma = 0.8, LearningRate = 0.4 }, 1, IsOdd: true);

    /// <summary>All of them; of the pendulum's three each goes a step beyond the one before.</summary>
    public static IReadOnlyList<ControlRecipe> All { get; } =
    [
        new("common", () => new CartPole(), Common, 1),
        new("common", () => new Acrobot(), Common, 1),
        new("common", () => new Pendulum(), Common, 4),
        new("odd", () => new Pendulum(), Common, 4, IsOdd: true),
        TunedPendulum,
    ];

    /// <summary>The policy of a vector of weights.</summary>
    public Policy Policy(float[] weights, ControlTask task) => new(weights, task.Observations, task.Outputs, IsOdd ? task.MirroredObservations : []);
}
