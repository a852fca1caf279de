using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Evolute.Tasks.Rows;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// Countdown (arXiv 2509.24372): make an equation from three or four numbers, each used once, that equals a target.
/// The reward is 0.1 · format + answer. Problems are made, or rows of datasets.
/// </summary>
public sealed class CountdownTask : DatasetTask
{
    internal const string TaskName = "countdown";

    private const string PromptColumn = "prompt";

    private static readonly ImmutableArray<string> StopTexts = ["</answer>"];

    private readonly CountdownOptions options;

    /// <summary>A Countdown task.</summary>
    /// <exception cref="EvoluteInputException">A value in <paramref name="options"/> is out of range.</exception>
    public CountdownTask(CountdownOptions? options = null) : base((options ??= new()).Files)
    {
        this.options = options;
        options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => CountdownReward.PartNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StopStrings => StopTexts;

    /// <inheritdoc/>
    protected override string Source => "Rows have the columns numbers (or nums), a list of whole numbers, and target; prompt if you like.";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [];

    // Splits share no numbers, whether problems are made or read.
    private protected override string Key(TaskProblem problem) => ProblemBuckets.Key(CountdownRow.Numbers(problem.Columns, problem.Id));

    private protected override IEnumerable<TaskProblem> Made(TaskSplit split, ulong seed)
    {
        ProblemGenerator generator = new(options, split, seed);
        string prefix = split.ToString().ToLowerInvariant();
        for (int i = 0; ; i++)
        {
            (int[] numbers, int target) = generator.Next();
            JsonElement columns = JsonElement.Parse(string.Create(
                CultureInfo.InvariantCulture, $$"""{"numbers":[{{string.Join(',', numbers)}}],"target":{{target}}}"""));
            yield return Problem(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"), columns);
        }
    }

    // Rows to learn from are held to more than rows to score, which may be as odd as the reference allows.
    private protected override IEnumerable<TaskProblem> ProblemsOf(JsonElement row, string place)
    {
        CountdownRow.Check(row, place);
        TaskProblem problem = FromRow(row, place);
        if (!CountdownPrompt.IsNamed(options.Prompt) || !row.TryGetProperty(PromptColumn, out JsonElement own) || own.ValueKind == JsonValueKind.Null) return [problem];
        RowPrompt prompt = RowPrompt.Of(row, PromptColumn, place);
        return [problem with { Prompt = prompt.Text, Messages = prompt.Messages }];
    }

    /// <summary>
    /// Scores a response as the paper's reward does. Columns: <c>numbers</c> or <c>nums</c> (array), <c>target</c> (number or text) and,
    /// optionally, <c>end_token</c>, which the format part ignores at the end of the response.
    /// </summary>
    public override RewardResult Score(TaskProblem problem, string response) =>
        CountdownReward.Score(problem.Columns, response);

    /// <summary><c>attempts</c>: what the response tries out before it answers.</summary>
    public override IReadOnlyDictionary<string, double> Measure(TaskProblem problem, string response) =>
        new Dictionary<string, double>(1) { ["attempts"] = Attempts.In(response) };

    /// <summary>The expression between the last answer tags without its spaces; <c>1+2</c> and <c>2+1</c> are two answers.</summary>
    public override string? AnswerOf(TaskProblem problem, string response) =>
        AnswerText.LastExpression(response).ToString().Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } expression ? expression : null;

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        TaskRow.FirstOf(row, place, CountdownReward.NumbersColumn, CountdownReward.ShortNumbersColumn);
        TaskRow.Column(row, CountdownReward.TargetColumn, place);
        return Problem(place, row.Clone());
    }

    private TaskProblem Problem(string id, JsonElement columns) =>
        new() { Id = id, Prompt = Prompt(columns), Columns = columns };

    private string Prompt(JsonElement columns)
    {
        JsonElement numbers = CountdownReward.Numbers(columns);
        JsonElement target = columns.GetProperty(CountdownReward.TargetColumn);
        return numbers.ValueKind == JsonValueKind.Array && target.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? CountdownPrompt.Render(options.Prompt, [.. numbers.EnumerateArray().Select(n => n.ToString())], target.ToString())
            : "";
    }
}
