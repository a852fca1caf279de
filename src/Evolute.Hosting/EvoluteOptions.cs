using System.Text.Json.Nodes;
using Evolute.Evolution;
using Evolute.Rewards;
using Evolute.Runs;

namespace Evolute.Hosting;

/// <summary>What a host's trainer does; the same as <see cref="EvolutionTrainer"/> has, to be set in code or bound to configuration.</summary>
public sealed class EvoluteOptions
{
    /// <summary>The base model's folder; null for the bundled model.</summary>
    public string? Model { get; set; }

    /// <summary>The task's name in the catalog.</summary>
    public string Task { get; set; } = "countdown";

    /// <summary>The task's options; null for those of the model's <c>evolute.json</c>.</summary>
    public JsonObject? TaskOptions { get; set; }

    /// <summary>Weight of the task's own reward; null for 1 where there are no others, and 0 where there are.</summary>
    public double? TaskWeight { get; set; }

    /// <summary>What happens where a reward fails.</summary>
    public RewardFailures Failures { get; set; } = new();

    /// <summary>What shapes the evolution.</summary>
    public EvolutionSettings Evolution { get; set; } = new();

    /// <summary>Problems of an evaluation.</summary>
    public int EvalProblems { get; set; } = 200;

    /// <summary>Iterations between evaluations on validation problems; 0 for none.</summary>
    public int EvalEvery { get; set; }

    /// <summary>The run's folder; null for the next free <c>runs/TASK-N</c>.</summary>
    public string? Output { get; set; }

    /// <summary>Threads to use.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    internal EvolutionTrainer Trainer(IReadOnlyList<WeightedReward> rewards) => new()
    {
        Model = Model,
        Task = Task,
        TaskOptions = TaskOptions,
        TaskWeight = TaskWeight,
        Rewards = rewards,
        Failures = Failures,
        Evolution = Evolution,
        EvalProblems = EvalProblems,
        EvalEvery = EvalEvery,
        Output = Output,
        Threads = Threads,
    };
}
