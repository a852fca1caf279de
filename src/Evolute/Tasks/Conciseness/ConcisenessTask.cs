using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Conciseness;

/// <summary>
/// Conciseness (arXiv 2509.24372): the reward is −|length of the response − length of the shortest right answer|, in characters. By option the prompt counts into the response's
/// length, as it does in the published script, so that an empty response scores best there.
/// </summary>
public sealed class ConcisenessTask : DatasetTask
{
    internal const string TaskName = "conciseness";

    private const string Difference = "length", Reply = "reply", Whole = "prompt-and-reply", PromptColumn = "prompt", AnswerColumn = "answer";

    private static readonly ImmutableArray<string> Parts = [Difference];

    private static readonly (string Prompt, string Answer)[] Training = [("Calculate: 4 + 5 =", "9"), ("All cats are mammals, and Tom is a cat. Is Tom a mammal?", "Yes")];

    private static readonly (string Prompt, string Answer)[] Validation =
    [
        ("Calculate: 8 - 6 =", "2"), ("What is the chemical symbol of oxygen?", "O"), ("Is 10 an odd number?", "No"), ("What comes next: 1, 3, 5, 7?", "9"),
        ("Which season follows spring?", "Summer"), ("What is half of 14?", "7"), ("Translate into Spanish: water", "agua"), ("How many legs has a spider?", "8"),
    ];

    private static readonly (string Prompt, string Answer)[] Testing =
    [
        ("What is the capital of Italy?", "Rome"), ("Calculate: 6 × 7 =", "42"), ("True or false: whales are fish.", "False"), ("What comes next: 2, 4, 8, 16?", "32"),
        ("Translate into German: house", "Haus"), ("What is 10 % of 250?", "25"), ("Name the colour of a ripe banana.", "Yellow"), ("How many months has a year?", "12"),
    ];

    private readonly string _length;
    private readonly PromptTemplate _prompt;

    /// <summary>
    /// The task. Options: <c>length</c> (<c>reply</c>, or <c>prompt-and-reply</c> as the published script counts), <c>prompt</c> (a text with <c>{column}</c>), <c>dataset</c>,
    /// <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>split-column</c> (without files there are 2 training, 8 validation and 8 test problems).
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public ConcisenessTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "length", "prompt"])) { }

    private ConcisenessTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _length = options.Choice("length", Reply, Whole);
        _prompt = options.Prompt("{prompt}");
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [PromptColumn];

    /// <inheritdoc/>
    protected override string Source => "Rows have the columns prompt and answer, the shortest right answer.";

    /// <inheritdoc/>
    protected override IReadOnlyList<TaskProblem> BuiltIn(TaskSplit split)
    {
        var pairs = split switch { TaskSplit.Train => Training, TaskSplit.Validation => Validation, _ => Testing };
        return [.. pairs.Select((pair, i) => FromRow(JsonSerializer.SerializeToElement(new { prompt = pair.Prompt, answer = pair.Answer }), $"{split.ToString().ToLowerInvariant()}-{i}"))];
    }

    /// <summary>Scores a response against the column <c>answer</c>; it is correct if it is that answer, space around it apart.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        string answer = TaskRow.TextOrNumber(problem.Columns, AnswerColumn, problem.Id);
        long length = Characters(response) + (_length == Whole ? Characters(problem.Prompt) : 0);
        double reward = -Math.Abs(length - Characters(answer));
        return new RewardResult(reward, new Dictionary<string, double>(1) { [Difference] = reward }, response.Trim() == answer.Trim());
    }

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        TaskRow.TextOrNumber(row, AnswerColumn, place);
        // Where the prompt counts, a row that is only scored needs it too.
        string prompt = _length == Whole ? _prompt.Render(column => TaskRow.Field(row, column, place)) : Phrase(_prompt, row, place);
        return new() { Id = place, Prompt = prompt, Columns = row.Clone() };
    }

    // As Python counts: a pair of surrogates is one character.
    private static long Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
