using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// Countdown (arXiv 2509.24372): make an equation from three or four numbers, each used once, that equals a target.
/// The reward is 0.1 · format + answer.
/// </summary>
public sealed class CountdownTask : TuningTask
{
    internal const string TaskName = "countdown";

    private static readonly ImmutableArray<string> StopTexts = ["</answer>"];

    private readonly CountdownOptions options;

    /// <summary>A Countdown task.</summary>
    /// <exception cref="EvoluteInputException">A value in <paramref name="options"/> is out of range.</exception>
    public CountdownTask(CountdownOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => CountdownReward.PartNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StopStrings => StopTexts;

    /// <inheritdoc/>
    public override IReadOnlyList<TaskProblem> Problems(TaskSplit split, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ProblemGenerator generator = new(options, split, seed);
        TaskProblem[] problems = new TaskProblem[count];
        string prefix = split.ToString().ToLowerInvariant();
        for (int i = 0; i < count; i++)
        {
            (int[] numbers, int target) = generator.Next();
            JsonElement columns = JsonElement.Parse(string.Create(
                CultureInfo.InvariantCulture, $$"""{"numbers":[{{string.Join(',', numbers)}}],"target":{{target}}}"""));
            problems[i] = Problem(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"), columns);
        }
        return problems;
    }

    /// <summary>
    /// Scores a response as the paper's reward does. Columns: <c>numbers</c> (array), <c>target</c> (number or text) and,
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
        TaskRow.Column(row, CountdownReward.NumbersColumn, place);
        TaskRow.Column(row, CountdownReward.TargetColumn, place);
        return Problem(place, row.Clone());
    }

    private TaskProblem Problem(string id, JsonElement columns) =>
        new() { Id = id, Prompt = Prompt(columns), Columns = columns };

    private string Prompt(JsonElement columns)
    {
        JsonElement numbers = columns.GetProperty(CountdownReward.NumbersColumn);
        JsonElement target = columns.GetProperty(CountdownReward.TargetColumn);
        return numbers.ValueKind == JsonValueKind.Array && target.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? CountdownPrompt.Render(options.Prompt, [.. numbers.EnumerateArray().Select(n => n.ToString())], target.ToString())
            : "";
    }
}
