using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Rows;

/// <summary>Rows of your own: a prompt, which is text, messages or made of columns; an answer; and a way to compare the response with it. The reward is 1 for a match, else 0.</summary>
public sealed class JsonlTask : DatasetTask
{
    internal const string TaskName = "jsonl";

    /// <summary>The option that says how a response is compared, and its value for not at all.</summary>
    internal const string Match = "match", NoMatch = "none";

    private const string PromptColumn = "prompt", MessagesColumn = "messages", Turns = "turns", AsText = "text";

    private static readonly ImmutableArray<string> Parts = [Match];

    private readonly PromptTemplate? _prompt;
    private readonly string? _promptColumn;
    private readonly string _answerColumn, _messages;
    private readonly ResponseMatch _match;

    /// <summary>
    /// The task. Options: <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>split-column</c>, <c>match</c> (one of <see cref="ResponseMatch.Kinds"/>), <c>answer-column</c>
    /// (answer), <c>prompt-column</c> (prompt, or messages in a row without it), <c>prompt</c> (a text with <c>{column}</c>), <c>messages</c> (<c>turns</c> of the model's chat template, or
    /// <c>text</c>), and those of the match: <c>ignore-case</c> (true or false), <c>tolerance</c>, <c>labels</c> (apart by <c>|</c>), <c>schema</c> (JSON).
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public JsonlTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "match", "answer-column", "prompt-column", "prompt", "messages", .. ResponseMatch.Options])) { }

    private JsonlTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _prompt = options.Text("prompt") is { } template ? options.Prompt(template) : null;
        _promptColumn = options.Text("prompt-column");
        if (_prompt is not null && _promptColumn is not null) throw new EvoluteInputException("The task jsonl's prompt is either a template or a column; leave out one of 'prompt' and 'prompt-column'.");
        _messages = options.Choice("messages", Turns, AsText);
        _answerColumn = options.Text("answer-column") ?? "answer";
        _match = ResponseMatch.From(options);
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => _prompt is not null ? [] : _promptColumn is not null ? [_promptColumn] : [PromptColumn, MessagesColumn];

    /// <inheritdoc/>
    protected override string Source => $"Rows have the columns {_promptColumn ?? PromptColumn} (text, or messages with role and content; or those of a --prompt-template) and {_answerColumn}.";

    /// <summary>Scores a response against the answer column.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        JsonElement answer = _match.NeedsAnswer ? TaskRow.Column(problem.Columns, _answerColumn, problem.Id) : default;
        bool matches = response.Length <= ResponseMatch.MaxResponse && _match.Holds(answer, response);
        return new RewardResult(matches ? 1 : 0, new Dictionary<string, double>(1) { [Match] = matches ? 1 : 0 }, matches);
    }

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        if (_match.NeedsAnswer) _match.Check(TaskRow.Column(row, _answerColumn, place), _answerColumn, place);
        if (_prompt is not null) return new() { Id = place, Prompt = Phrase(_prompt, row, place), Columns = row.Clone() };
        string column = _promptColumn ?? (row.ValueKind == JsonValueKind.Object && !row.TryGetProperty(PromptColumn, out _) && row.TryGetProperty(MessagesColumn, out _) ? MessagesColumn : PromptColumn);
        if (IsOnlyScored(row) && !row.TryGetProperty(column, out _)) return new() { Id = place, Prompt = "", Columns = row.Clone() };
        RowPrompt prompt = RowPrompt.Of(row, column, place);
        return new() { Id = place, Prompt = prompt.Text, Messages = _messages == Turns ? prompt.Messages : null, Columns = row.Clone() };
    }
}
