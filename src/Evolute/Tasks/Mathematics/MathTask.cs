using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Mathematics;

/// <summary>Competition mathematics with one final answer in a box, as in MATH: the reward is 1 for an answer that is equivalent to the gold one, else 0.</summary>
public sealed class MathTask : DatasetTask
{
    internal const string TaskName = "math";

    private const string Problem = "problem", Question = "question", Answer = "answer", Format = "format", BoxedOnly = "boxed", Flexible = "flexible";
    private const string DefaultPrompt = "{problem}\nReason step by step, and put your final answer within \\boxed{{}}.\n";

    private static readonly ImmutableArray<string> Parts = [Answer, Format];

    private readonly PromptTemplate _prompt;
    private readonly string _extraction;
    private readonly double _formatWeight;

    /// <summary>
    /// The task. Options: <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>split-column</c>, <c>prompt</c> (a text with <c>{column}</c>), <c>extraction</c> (<c>boxed</c>, or <c>flexible</c> for the
    /// other places where an answer may stand), <c>format-weight</c> (what a box alone is worth, 0).
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public MathTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "prompt", "extraction", "format-weight"])) { }

    private MathTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _prompt = options.Prompt(DefaultPrompt);
        _extraction = options.Choice("extraction", BoxedOnly, Flexible);
        _formatWeight = options.Number("format-weight", 0, 0, 1);
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [Problem, Question];

    /// <inheritdoc/>
    protected override string Source => "MATH-style data, e.g. HuggingFaceH4/MATH-500 or DigitalLearningGmbH/MATH-lighteval of the Hugging Face hub as JSONL, has the columns problem (or question) and answer (or solution, with its answer in \\boxed{}).";

    /// <summary>Scores a response. Columns: <c>answer</c> (text, a number or a list of texts of which any will do) or <c>solution</c>.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        string? boxed = MathExtraction.Boxed(response);
        string[] found = boxed is not null ? Readings(boxed) : _extraction == Flexible ? [MathExtraction.Final(response)] : [];
        bool correct = found.Length > 0 && Golds(problem.Columns, problem.Id).Any(gold => found.Any(answer => MathEquivalence.Holds(gold, answer)));
        double format = boxed is null ? 0 : 1;
        return new RewardResult((correct ? 1 : 0) + _formatWeight * format, new Dictionary<string, double>(2) { [Answer] = correct ? 1 : 0, [Format] = format }, correct);
    }

    /// <summary>The boxed text, or where the task reads flexibly the final answer's, without its white space; answers that are equal but written otherwise are two.</summary>
    public override string? AnswerOf(TaskProblem problem, string response) =>
        (MathExtraction.Boxed(response) ?? (_extraction == Flexible ? MathExtraction.Final(response) : null)) is { } text && string.Concat(text.Where(c => !char.IsWhiteSpace(c))) is { Length: > 0 } answer ? answer : null;

    /// <inheritdoc/>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        if (Golds(row, place) is []) throw new EvoluteInputException($"{place}: column '{Answer}' has no answer in it.");
        string prompt = Phrase(_prompt, row, place, column => column == Problem && !row.TryGetProperty(Problem, out _) && row.TryGetProperty(Question, out _) ? Question : column);
        return new() { Id = place, Prompt = prompt, Columns = row.Clone() };
    }

    private static string[] Golds(JsonElement row, string place)
    {
        string column = TaskRow.FirstOf(row, place, Answer, "solution");
        if (row.GetProperty(column) is { ValueKind: JsonValueKind.Array } several)
            return [.. several.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString()! : throw new EvoluteInputException($"{place}: column '{column}' must hold strings only."))];
        string text = TaskRow.TextOrNumber(row, column, place);
        if (MathExtraction.Boxed(text) is { } boxed) return [boxed];
        if (column != Answer) throw new EvoluteInputException($"{place}: column '{column}' has no \\boxed{{}} with the answer.");
        return string.IsNullOrWhiteSpace(text) ? [] : Readings(text);
    }

    // "The roots are $1,-2$": the formula of a sentence is an answer too.
    private static string[] Readings(string text) =>
        MathExtraction.IsProse(text) && MathExtraction.LastFormula(text).Formula is not null ? [text, MathExtraction.Final(text)] : [text];
}
