using Evolute.Evolution;
using Evolute.Models;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Runs;

/// <summary>What a run reads: opened and checked before anything is written.</summary>
/// <param name="Task">The task.</param>
/// <param name="Model">The base model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Problems">The problems that the run uses of each split, encoded.</param>
internal sealed record RunInput(TuningTask Task, ModelDirectory Model, Tokenizer Tokenizer, IReadOnlyDictionary<TaskSplit, EncodedProblem[]> Problems)
{
    /// <summary>Whether a prompt goes through the chat template, so that what it reads depends on a date.</summary>
    public bool HasMessages => Problems.Values.Any(split => split.Any(p => p.Problem.Messages is not null));

    /// <summary>Checks that the files of a run's problems are those that it was begun with, before their rows are read.</summary>
    /// <exception cref="EvoluteInputException">They have changed.</exception>
    public static void RequireDataset(RunSettings settings) => DatasetIdentity.Require(TaskCatalog.Create(settings.Task, settings.TaskOptions).Files, settings.DatasetSha256);

    /// <exception cref="EvoluteInputException">A setting, the task, the model or its tokenizer is wrong, or a prompt does not fit the model's window.</exception>
    public static RunInput Open(RunSettings settings)
    {
        settings.Validate();
        TuningTask task = TaskCatalog.Create(settings.Task, settings.TaskOptions);
        RewardWeights.Validate(settings.Evolution.RewardWeights, task);
        ModelDirectory model = settings.OpenModel();
        settings.Evolution.Parameters.Validate(ModelTensors.Of(model.Spec));
        PromptEncoder prompts = PromptEncoder.Load(model, settings.Chat ? settings.ChatDate : null, settings.ChatDate);
        EvolutionSettings evolution = settings.Evolution;
        return new(task, model, prompts.Tokenizer, Enum.GetValues<TaskSplit>().ToDictionary(split => split, split =>
            prompts.Encode(task.Problems(split, Count(split, settings), evolution.Seed), evolution.MaxNewTokens)));
    }

    // A run that never looks at validation needs no problems there.
    private static int Count(TaskSplit split, RunSettings settings) => split switch
    {
        TaskSplit.Train => settings.Evolution.TrainProblems,
        TaskSplit.Validation when settings.EvalEvery == 0 => 0,
        _ => settings.EvalProblems,
    };
}
