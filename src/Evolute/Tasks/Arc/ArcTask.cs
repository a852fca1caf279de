using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks.Data;

namespace Evolute.Tasks.Arc;

/// <summary>
/// ARC-AGI, answered in text: from pairs of grids to the output of one more input. The reward is 1 for the right grid, else <c>partial</c> times the share of right cells in a grid of the right
/// shape. A task with several test inputs is as many problems, all in the same split.
/// </summary>
public sealed class ArcTask : DatasetTask
{
    internal const string TaskName = "arc";

    private const string Exact = "exact", Cells = "cells", Format = "format", Strict = "strict", Lenient = "lenient", Spaced = "spaced", Joined = "joined";
    private const string Train = "train", Test = "test", Input = "input", Output = "output", Index = "test_index", Examples = "examples";
    private const string DefaultPrompt =
        "Each input grid becomes its output grid by the same rule. Digits are colours.\n\n{examples}\n\nInput:\n{input}\n\n"
        + "Find the rule, and write the output grid of this last input between <answer> and </answer>, in the same form.\n";

    private static readonly ImmutableArray<string> Parts = [Exact, Cells, Format], Fields = [Examples, Input], StopTexts = ["</answer>"];

    private readonly PromptTemplate _prompt;
    private readonly string _extraction, _between;
    private readonly double _partial;

    /// <summary>
    /// The task. Options: <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files or folders), <c>split-column</c>, <c>prompt</c> (a text with <c>{examples}</c> and <c>{input}</c>),
    /// <c>extraction</c> (<c>lenient</c> or <c>strict</c>), <c>partial</c> (what right cells are worth, 0), <c>cells</c> (<c>spaced</c> or <c>joined</c>: how grids are written).
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public ArcTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "prompt", "extraction", "partial", "cells"])) { }

    private ArcTask(TaskOptionReader options) : base(DatasetFiles.From(options))
    {
        _prompt = options.Prompt(DefaultPrompt);
        foreach (string field in Fields)
            if (!_prompt.Fields.Contains(field)) throw new EvoluteInputException($"The task arc's prompt must have {{{field}}} in it.");
        if (_prompt.Fields.FirstOrDefault(f => !Fields.Contains(f)) is { } unknown) throw new EvoluteInputException($"The task arc's prompt cannot have {{{unknown}}} in it, only {{{Examples}}} and {{{Input}}}.");
        _extraction = options.Choice("extraction", Lenient, Strict);
        _partial = options.Number("partial", 0, 0, 1);
        _between = options.Choice("cells", Spaced, Joined) == Spaced ? " " : "";
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StopStrings => StopTexts;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [Train];

    /// <inheritdoc/>
    protected override string Source =>
        "ARC-AGI (the data folder of fchollet/ARC-AGI or of arcprize/ARC-AGI-2, a folder of JSON files; or a pair of challenges.json and solutions.json) has the columns train and test, lists of pairs of an input and an output grid.";

    /// <summary>The datasets, and the solutions that are read beside them.</summary>
    public override IReadOnlyList<string> Files => [.. base.Files, .. base.Files.Select(ArcRows.SolutionsBeside).OfType<string>()];

    private protected override IEnumerable<DatasetRow> Rows(string path) => ArcRows.Of(path);

    private protected override IEnumerable<TaskProblem> ProblemsOf(JsonElement row, string place)
    {
        int tests = Pairs(row, Test, place).Length;
        if (tests == 1 || row.TryGetProperty(Index, out _)) return [FromRow(row, place)];
        return [.. Enumerable.Range(0, tests).Select(i =>
        {
            JsonObject one = JsonObject.Create(row.Clone())!;
            one[Index] = i;
            return FromRow(JsonSerializer.SerializeToElement(one), place);
        })];
    }

    /// <summary>Scores a response against the output of the test pair that <c>test_index</c> names, by default the first.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        ArcGrid gold = Tested(problem.Columns, problem.Id).Output;
        ArcGrid? answer = Found(response);
        double cells = answer?.Matching(gold) ?? 0;
        bool exact = cells == 1;
        return new RewardResult(
            exact ? 1 : _partial * cells,
            new Dictionary<string, double>(3) { [Exact] = exact ? 1 : 0, [Cells] = cells, [Format] = answer is null ? 0 : 1 },
            exact);
    }

    /// <summary>The grid that the response gives, its digits together.</summary>
    public override string? AnswerOf(TaskProblem problem, string response) => Found(response)?.Render("");

    /// <summary>A row has <c>train</c> and <c>test</c>, lists of objects with an <c>input</c> and an <c>output</c> grid, and <c>test_index</c> where another test pair than the first is meant.</summary>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        (ArcGrid Input, ArcGrid Output)[] train = Pairs(row, Train, place);
        int index = IndexOf(row, place);
        ArcGrid input = Tested(row, place).Input;
        string prompt = _prompt.Render(field => field == Input ? input.Render(_between) : Render(train));
        return new() { Id = index == 0 ? place : string.Create(CultureInfo.InvariantCulture, $"{place}, test {index + 1}"), Prompt = prompt, Columns = row.Clone() };
    }

    private ArcGrid? Found(string response) => _extraction == Strict ? ArcAnswer.Strict(response) : ArcAnswer.Lenient(response);

    private string Render((ArcGrid Input, ArcGrid Output)[] pairs)
    {
        StringBuilder text = new();
        foreach ((ArcGrid input, ArcGrid output) in pairs)
            text.Append(text.Length > 0 ? "\n\n" : "").Append("Input:\n").Append(input.Render(_between)).Append("\nOutput:\n").Append(output.Render(_between));
        return text.ToString();
    }

    private static (ArcGrid Input, ArcGrid Output) Tested(JsonElement row, string place)
    {
        var tests = Pairs(row, Test, place);
        int index = IndexOf(row, place);
        return index < tests.Length ? tests[index] : throw new EvoluteInputException($"{place}: column '{Index}' is {index}, and there are {tests.Length} test pairs, counted from 0.");
    }

    private static int IndexOf(JsonElement row, string place) => !row.TryGetProperty(Index, out JsonElement index) ? 0
        : index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out int number) && number >= 0 ? number
        : throw new EvoluteInputException($"{place}: column '{Index}' must be a whole number from 0.");

    private static (ArcGrid Input, ArcGrid Output)[] Pairs(JsonElement row, string column, string place)
    {
        JsonElement pairs = TaskRow.Column(row, column, place);
        if (pairs.ValueKind != JsonValueKind.Array || pairs.GetArrayLength() == 0) throw new EvoluteInputException($"{place}: column '{column}' must be a list of pairs with an input and an output grid.");
        return [.. pairs.EnumerateArray().Select((pair, i) => (Grid(pair, Input, i), Grid(pair, Output, i)))];

        ArcGrid Grid(JsonElement pair, string side, int i)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{place}: column '{column}', pair {i + 1}");
            return pair.ValueKind == JsonValueKind.Object && pair.TryGetProperty(side, out JsonElement grid)
                ? ArcGrid.FromJson(grid, $"{at}, {side}")
                : throw new EvoluteInputException($"{at} has no {side}.");
        }
    }
}
