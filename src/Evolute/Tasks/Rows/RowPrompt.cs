using System.Text;
using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>A prompt in a column: text, or the messages of a conversation.</summary>
/// <param name="Text">The text; of messages, the text of the only one, else turns as <c>Role: text</c> with the assistant's open at the end.</param>
/// <param name="Messages">The messages, or null for text.</param>
internal sealed record RowPrompt(string Text, IReadOnlyList<JsonElement>? Messages)
{
    private const string Assistant = "assistant";

    /// <summary>Reads a column.</summary>
    /// <exception cref="EvoluteInputException">It is neither text nor messages that a model can answer.</exception>
    public static RowPrompt Of(JsonElement row, string column, string place)
    {
        JsonElement prompt = TaskRow.Column(row, column, place);
        if (prompt.ValueKind != JsonValueKind.Array) return new(TaskRow.Text(row, column, place), null);
        JsonElement[] messages = [.. prompt.EnumerateArray()];
        if (messages.Length == 0) throw new EvoluteInputException($"{place}: column '{column}' has no message.");
        StringBuilder text = new();
        for (int i = 0; i < messages.Length; i++)
        {
            string at = $"{place}, column '{column}', message {i + 1}", role = TaskRow.Text(messages[i], "role", at);
            if (role.Length == 0) throw new EvoluteInputException($"{at}: its 'role' is empty.");
            text.Append(char.ToUpperInvariant(role[0])).Append(role, 1, role.Length - 1).Append(": ").Append(TaskRow.Text(messages[i], "content", at)).Append('\n');
        }
        if (messages[^1].GetProperty("role").GetString() == Assistant)
            throw new EvoluteInputException($"{place}: column '{column}' ends with a message of the assistant, whose turn the model is to take; leave that one out.");
        return new(messages.Length == 1 ? messages[0].GetProperty("content").GetString()! : text.Append("Assistant:").ToString(), [.. messages.Select(m => m.Clone())]);
    }
}
