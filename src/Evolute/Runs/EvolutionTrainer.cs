using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Rewards;

namespace Evolute.Runs;

/// <summary>
/// Fine-tunes a model from a program: what <c>evolute train</c> does, with rewards that are objects. The run's folder is like that of the command line; a run that was interrupted goes on when the
/// same trainer is given the same folder.
/// </summary>
/// <example><code>
/// EvolutionTrainer trainer = new()
/// {
///     Rewards = [new("brief", Reward.From(c => 1.0 / (1 + c.Text.Length)))],
///     Evolution = new() { Sigma = 0.01, LearningRate = 0.003, Prompts = 32, Iterations = 20, MaxNewTokens = 80 },
/// };
/// RunSummary run = trainer.Train();
/// </code></example>
public sealed class EvolutionTrainer
{
    /// <summary>The base model's folder in Hugging Face layout; null for the bundled model.</summary>
    public string? Model { get; set; }

    /// <summary>The task whose problems are asked, by its name in the catalog.</summary>
    public string Task { get; set; } = "countdown";

    /// <summary>The task's options as in <c>--task-option</c>, and <c>dataset</c>; null for those that the model's <c>evolute.json</c> has for the task.</summary>
    public JsonObject? TaskOptions { get; set; }

    /// <summary>Rewards besides or instead of the task's own.</summary>
    public IReadOnlyList<WeightedReward> Rewards { get; set; } = [];

    /// <summary>Weight of the task's own reward; null for 1 where there are no others, and 0 where there are.</summary>
    public double? TaskWeight { get; set; }

    /// <summary>What happens where a reward fails.</summary>
    public RewardFailures Failures { get; set; } = new();

    /// <summary>What shapes the evolution. The defaults are the paper's, for models of billions of parameters.</summary>
    public EvolutionSettings Evolution { get; set; } = new();

    /// <summary>Problems of an evaluation.</summary>
    public int EvalProblems { get; set; } = 200;

    /// <summary>Iterations between evaluations on validation problems, which choose the result; 0 for none.</summary>
    public int EvalEvery { get; set; }

    /// <summary>The run's folder; null for the next free <c>runs/TASK-N</c>.</summary>
    public string? Output { get; set; }

    /// <summary>Threads to use; results do not depend on it.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>The settings of the run, checked.</summary>
    /// <exception cref="EvoluteInputException">A value is out of range, or the model is not there.</exception>
    public RunSettings Settings()
    {
        string model = Path.GetFullPath(Model ?? BundledModel.Locate());
        RunSettings settings = new()
        {
            Model = model,
            Task = Task,
            TaskOptions = TaskOptions?.DeepClone().AsObject() ?? OptionsOf(model, Task),
            Evolution = Evolution,
            EvalProblems = EvalProblems,
            EvalEvery = EvalEvery,
            Rewards = Rewards.Count == 0 ? null : [.. Rewards.Select(r => $"{RewardSpec.Code}{r.Name}")],
        };
        if (Rewards.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } same) throw new EvoluteInputException($"Two rewards are called '{same.Key}'; give each a name of its own.");
        settings.Validate();
        Tasks.TaskCatalog.Create(settings.Task, settings.TaskOptions);
        ModelDirectory.Open(model);
        return settings;
    }

    /// <summary>Trains, or goes on with the run in <see cref="Output"/>.</summary>
    /// <param name="observer">Told of the progress.</param>
    /// <param name="stop">Ends the run; its journal is whole, and it can be gone on with.</param>
    /// <exception cref="EvoluteInputException">Bad input; nothing was begun.</exception>
    /// <exception cref="EvoluteFaultException">A reward failed, or the run's folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunSummary Train(TrainingObserver? observer = null, CancellationToken stop = default)
    {
        RunSettings settings = Settings();
        int threads = Threads;
        Execution execution = new(
            (spec, weights, packed) => new CpuEngine(spec, weights, threads, packed), 0, Speculation.Auto,
            _ => new RewardSet(TaskWeight ?? (Rewards.Count == 0 ? 1 : 0), Rewards, Failures))
        {
            Stop = stop,
        };
        using TrainingRun run = Output is not null && RunSettings.Exists(Output)
            ? TrainingRun.Resume(Output, old => Same(old, settings), execution)
            : TrainingRun.Create(Output, settings, execution);
        return run.Execute(observer ?? new TrainingObserver(), stop);
    }

    private RunSettings Same(RunSettings old, RunSettings now)
    {
        string Of(RunSettings s) => JsonSerializer.Serialize(new { s.Task, s.TaskOptions, s.Rewards, s.EvalEvery, s.EvalProblems, Evolution = s.Evolution with { Iterations = 0 } });
        if (Of(old) != Of(now)) throw new EvoluteInputException($"{Output}: the run there was begun with other settings; give them again, or another folder.");
        return old with { Evolution = old.Evolution with { Iterations = Math.Max(old.Evolution.Iterations, now.Evolution.Iterations) } };
    }

    private static JsonObject OptionsOf(string model, string task) =>
        JsonFile.ReadObject(Path.Combine(model, ModelFiles.OwnSettings), 1 << 20) is { } json && json.TryGetProperty("task", out JsonElement tasks)
            && tasks.ValueKind == JsonValueKind.Object && tasks.TryGetProperty(task, out JsonElement options) && options.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(options.Clone())! : [];
}
