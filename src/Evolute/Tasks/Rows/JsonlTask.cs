using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Rows;

/// <summary>Rows of your own: a prompt, an answer, and one of four ways to compare the response with it. The reward is 1 for a match, else 0.</summary>
public sealed class JsonlTask : DatasetTask
{
    internal const string TaskName = "jsonl";

    private const string Match = "match", PromptColumn = "prompt", ResponseColumn = "response";

    private static readonly ImmutableArray<string> Parts = [Match];

    private readonly string _prompt, _promptColumn, _answerColumn;
    private readonly ResponseMatch _match;

    /// <summary>
    /// The task. Options: <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>match</c> (<c>exact</c>, <c>regex</c>, <c>json</c>, <c>classification</c>), <c>answer-column</c>
    /// (answer), <c>prompt-column</c> (prompt), <c>prompt</c> (a text with <c>{prompt}</c>), <c>labels</c> (of a classification, apart by <c>|</c>), <c>ignore-case</c> (true or false).
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public JsonlTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "match", "answer-column", "prompt-column", "prompt", "labels", "ignore-case"])) { }

    private JsonlTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _prompt = options.Template("prompt", "{prompt}", "{prompt}");
        _promptColumn = options.Text("prompt-column") ?? PromptColumn;
        _answerColumn = options.Text("answer-column") ?? "answer";
        string[] labels = options.Text("labels")?.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        _match = new ResponseMatch(options.Choice("match", ResponseMatch.Kinds), options.Choice("ignore-case", "false", "true") == "true", labels);
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [_promptColumn];

    /// <inheritdoc/>
    protected override string Source => $"Rows have the columns {_promptColumn} (text, or messages with role and content) and {_answerColumn}.";

    /// <summary>Scores a response against the answer column.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        bool matches = _match.Holds(TaskRow.Column(problem.Columns, _answerColumn, problem.Id), response);
        return new RewardResult(matches ? 1 : 0, new Dictionary<string, double>(1) { [Match] = matches ? 1 : 0 }, matches);
    }

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        _match.Check(TaskRow.Column(row, _answerColumn, place), _answerColumn, place);
        bool asks = row.TryGetProperty(_promptColumn, out _) || !row.TryGetProperty(ResponseColumn, out _);
        string prompt = asks ? _prompt.Replace("{prompt}", Prompt(row, place), StringComparison.Ordinal) : "";
        return new() { Id = place, Prompt = prompt, Columns = row.Clone() };
    }

    // A single message is its text; several are turns by name, with the assistant's open.
    private string Prompt(JsonElement row, string place)
    {
        JsonElement prompt = TaskRow.Column(row, _promptColumn, place);
        if (prompt.ValueKind != JsonValueKind.Array) return TaskRow.Text(row, _promptColumn, place);
        JsonElement[] messages = [.. prompt.EnumerateArray()];
        if (messages.Length == 0) throw new EvoluteInputException($"{place}: column '{_promptColumn}' has no message.");
        string at = $"{place}, column '{_promptColumn}'";
        if (messages.Length == 1) return TaskRow.Text(messages[0], "content", at);
        StringBuilder text = new();
        foreach (JsonElement message in messages)
        {
            string role = TaskRow.Text(message, "role", at);
            if (role.Length == 0) throw new EvoluteInputException($"{at}: a message's 'role' is empty.");
            text.Append(char.ToUpperInvariant(role[0])).Append(role, 1, role.Length - 1).Append(": ").Append(TaskRow.Text(message, "content", at)).Append('\n');
        }
        return text.Append("Assistant:").ToString();
    }
}
