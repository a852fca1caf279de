using System.Text.Json;
using Evolute.Generation;
using Evolute.Tasks;

namespace Evolute.Rewards;

/// <summary>A response as a reward function sees it.</summary>
/// <param name="Problem">What was asked, with the row of the dataset that it comes from.</param>
/// <param name="Completion">What the model answered.</param>
public sealed record RewardCompletion(TaskProblem Problem, Completion Completion)
{
    /// <summary>The prompt's text.</summary>
    public string Prompt => Problem.Prompt;

    /// <summary>All columns of the problem's row, a JSON object.</summary>
    public JsonElement Row => Problem.Columns;

    /// <summary>The response: the text after the prompt, stop string included.</summary>
    public string Text => Completion.Text;

    /// <summary>The response's tokens; none where only its text is known.</summary>
    public IReadOnlyList<int> TokenIds => Completion.OutputIds;

    /// <summary>Whether the response ended by itself or was cut off.</summary>
    public FinishReason Finish => Completion.Finish;

    /// <summary>A column of the row as text: a string as it is, anything else as JSON.</summary>
    /// <exception cref="EvoluteInputException">The row has no such column.</exception>
    public string Column(string name) =>
        Row.ValueKind == JsonValueKind.Object && Row.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()
            : throw new EvoluteInputException($"{Problem.Id} has no column '{name}'.");
}
