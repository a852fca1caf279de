using System.Text.Json;

namespace Evolute.Tasks;

/// <summary>One problem of a task: what the model reads and what the reward needs to judge the response.</summary>
public sealed record TaskProblem
{
    /// <summary>Names the problem within its split or file, e.g. <c>test-17</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The text that the model continues; empty where a row that is only scored cannot be phrased.</summary>
    public required string Prompt { get; init; }

    /// <summary>
    /// The turns before the response where the prompt is a conversation, each an object with <c>role</c> and <c>content</c>; the model reads them through its chat template, and
    /// <see cref="Prompt"/> is the same as text. Null where the prompt is text.
    /// </summary>
    public IReadOnlyList<JsonElement>? Messages { get; init; }

    /// <summary>All columns of the dataset's row as a JSON object, passed through to the reward.</summary>
    public required JsonElement Columns { get; init; }
}
