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
    /// <exception cref="EvoluteInputException">A setting, the task, the model or its tokenizer is wrong, or a prompt does not fit the model's window.</exception>
    public static RunInput Open(RunSettings settings)
    {
        settings.Validate();
        TuningTask task = TaskCatalog.Create(settings.Task, settings.TaskOptions);
        RewardWeights.Validate(settings.Evolution.RewardWeights, task);
        ModelDirectory model = settings.OpenModel();
        settings.Evolution.Parameters.Validate(ModelTensors.Of(model.Spec));
        PromptEncoder prompts = PromptEncoder.Load(model, settings.Chat ? settings.ChatDate : null);
        EvolutionSettings evolution = settings.Evolution;
        return new(task, model, prompts.Tokenizer, Enum.GetValues<TaskSplit>().ToDictionary(split => split, split =>
            prompts.Encode(task.Problems(split, split == TaskSplit.Train ? evolution.TrainProblems : settings.EvalProblems, evolution.Seed), evolution.MaxNewTokens)));
    }
}
