using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks.Mathematics;

namespace Evolute.Tasks.GradeSchool;

/// <summary>GSM8K: grade-school problems whose answer is a number. The reward is 1 where the number is right, read strictly (<c>#### 18</c>) or flexibly (the last number).</summary>
public sealed class GsmTask : DatasetTask
{
    internal const string TaskName = "gsm8k";

    private const string Strict = "strict", Flexible = "flexible";
    private const string DefaultPrompt = "Question: {question}\nReason step by step, and end with the answer alone on a line, as in #### 18.\nAnswer: ";

    private static readonly ImmutableArray<string> Parts = [Strict, Flexible], StopTexts = ["\nQuestion:"];

    private readonly PromptTemplate _prompt;
    private readonly string _extraction;

    /// <summary>The task. Options: <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>split-column</c>, <c>prompt</c> (a text with <c>{column}</c>), <c>extraction</c> (<c>strict</c> or <c>flexible</c>: which one is the reward).</summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public GsmTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "prompt", "extraction"])) { }

    private GsmTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _prompt = options.Prompt(DefaultPrompt);
        _extraction = options.Choice("extraction", Strict, Flexible);
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StopStrings => StopTexts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => ["question"];

    /// <inheritdoc/>
    protected override string Source => "GSM8K (openai/gsm8k on the Hugging Face hub, or train.jsonl and test.jsonl of openai/grade-school-math) has the columns question and answer.";

    /// <summary>Scores a response against the column <c>answer</c>: a number, or a solution with the number behind <c>####</c>.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        Rational gold = Gold(problem.Columns, problem.Id);
        bool strict = GsmAnswer.Strict(response) == gold, flexible = GsmAnswer.Flexible(response) == gold, correct = _extraction == Strict ? strict : flexible;
        return new RewardResult(correct ? 1 : 0, new Dictionary<string, double>(2) { [Strict] = strict ? 1 : 0, [Flexible] = flexible ? 1 : 0 }, correct);
    }

    /// <summary>The number, read as the reward reads it and in lowest terms: <c>18</c> and <c>18.0</c> are one answer.</summary>
    public override string? AnswerOf(TaskProblem problem, string response) => (_extraction == Strict ? GsmAnswer.Strict(response) : GsmAnswer.Flexible(response)) is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"{number.Numerator}/{number.Denominator}")
        : null;

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        Gold(row, place);
        return new() { Id = place, Prompt = Phrase(_prompt, row, place), Columns = row.Clone() };
    }

    private static Rational Gold(JsonElement row, string place)
    {
        string text = TaskRow.TextOrNumber(row, "answer", place);
        return (text.Contains(GsmAnswer.Mark, StringComparison.Ordinal) ? GsmAnswer.Strict(text) : GsmAnswer.Flexible(text))
            ?? throw new EvoluteInputException($"{place}: column 'answer' has no number in it.");
    }
}
