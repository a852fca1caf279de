using Evolute.Evolution;
using Evolute.Models;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>What a run reads: opened and checked before anything is written.</summary>
/// <param name="Task">The task.</param>
/// <param name="Model">The base model.</param>
/// <param name="Prompts">Its tokenizer.</param>
internal sealed record RunInput(TuningTask Task, ModelDirectory Model, PromptEncoder Prompts)
{
    /// <exception cref="EvoluteInputException">A setting, the task, the model or its tokenizer is wrong, or a prompt does not fit the model's window.</exception>
    public static RunInput Open(RunSettings settings)
    {
        settings.Validate();
        TuningTask task = TaskCatalog.Create(settings.Task, settings.TaskOptions);
        ModelDirectory model = settings.OpenModel();
        RunInput input = new(task, model, PromptEncoder.Load(model, settings.Chat ? settings.ChatDate : null));
        foreach (TaskSplit split in Enum.GetValues<TaskSplit>()) input.Problems(split, settings);
        return input;
    }

    /// <summary>The problems that a run uses of a split, encoded.</summary>
    public EncodedProblem[] Problems(TaskSplit split, RunSettings settings)
    {
        int count = split == TaskSplit.Train ? settings.Evolution.TrainProblems : settings.EvalProblems;
        return Prompts.Encode(Task.Problems(split, count, settings.Evolution.Seed), settings.Evolution.MaxNewTokens);
    }
}
