using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Sudoku;

/// <summary>
/// Sudoku of 4×4 or 9×9 cells. A response that is the solved board, rows apart by newlines and cells by spaces, earns 1, any other 0.9 times its share of right cells; either one is
/// multiplied by length of the solution / length of the answer where the answer is longer.
/// </summary>
public sealed class SudokuTask : DatasetTask
{
    internal const string TaskName = "sudoku";

    private const string Exact = "exact", Cells = "cells", Brevity = "brevity", Open = "<answer>", Close = "</answer>", PuzzleColumn = "puzzle", SolutionColumn = "solution";
    private const double PartialWeight = 0.9;
    private const string DefaultPrompt =
        "Solve this {size}x{size} Sudoku. Every row, column and box must hold each of the digits 1 to {size} once; _ is an empty cell.\n\n{puzzle}\n\n"
        + "Answer with the solved board alone, in the same form.\n";

    private static readonly ImmutableArray<string> Parts = [Exact, Cells, Brevity];

    private readonly int _size, _minEmpty, _maxEmpty;
    private readonly PromptTemplate _prompt;

    /// <summary>
    /// The task. Options: <c>size</c> (4 or 9), <c>min-empty</c> and <c>max-empty</c> (empty cells: 8 to 12 of 16, 30 to 50 of 81), all three of puzzles that are made; <c>prompt</c> (a text with
    /// <c>{puzzle}</c> and maybe <c>{size}</c>); <c>dataset</c>, <c>validation-dataset</c>, <c>test-dataset</c> (files), <c>split-column</c>.
    /// </summary>
    /// <exception cref="EvoluteInputException">An unknown option or a value out of range.</exception>
    public SudokuTask(JsonObject options) : this(new TaskOptionReader(TaskName, options, [.. DatasetFiles.Keys, "size", "min-empty", "max-empty", "prompt"])) { }

    private SudokuTask(TaskOptionReader reader) : base(DatasetFiles.From(reader))
    {
        _size = reader.Choice("size", "4", "9") == "4" ? 4 : 9;
        // With fewer clues than 4 of 16, or 17 of 81, no solution is unique; boards near that are rare.
        int most = _size == 4 ? 12 : 58;
        _minEmpty = reader.Integer("min-empty", _size == 4 ? 8 : 30, 1, most);
        _maxEmpty = reader.Integer("max-empty", Math.Max(_minEmpty, _size == 4 ? 12 : 50), 1, most);
        if (_minEmpty > _maxEmpty) throw new EvoluteInputException(string.Create(CultureInfo.InvariantCulture, $"The task sudoku's min-empty ({_minEmpty}) is above its max-empty ({_maxEmpty})."));
        _prompt = reader.Prompt(DefaultPrompt);
        if (_prompt.Fields.FirstOrDefault(field => field is not ("puzzle" or "size")) is { } unknown) throw new EvoluteInputException($"The task sudoku's prompt cannot have {{{unknown}}} in it, only {{puzzle}} and {{size}}.");
        if (!_prompt.Fields.Contains("puzzle")) throw new EvoluteInputException("The task sudoku's prompt must have {puzzle} in it.");
    }

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartNames => Parts;

    /// <inheritdoc/>
    protected override string Source => "Rows have the column puzzle, 16 or 81 cells as text or as a list of rows, 0 or . for an empty one; solution if you like.";

    // As of made puzzles: a solved board is in one split. FromRow fills it in where a row has none.
    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeyColumns => [SolutionColumn];

    private protected override IEnumerable<TaskProblem> Made(TaskSplit split, ulong seed)
    {
        SudokuGenerator generator = new(_size, _minEmpty, _maxEmpty, split, seed);
        for (int i = 0; ; i++)
        {
            (int[] puzzle, int[] solution) = generator.Next();
            JsonElement columns = JsonSerializer.SerializeToElement(new { puzzle = SudokuBoard.Digits(puzzle), solution = SudokuBoard.Digits(solution) });
            yield return Problem(string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}-{i}"), columns, puzzle);
        }
    }

    /// <summary>Scores a response, or the last <c>&lt;answer&gt;…&lt;/answer&gt;</c> in it. Lines of exactly as many digits as the board has columns are its rows, in order; other lines are passed over.</summary>
    public override RewardResult Score(TaskProblem problem, string response)
    {
        string solution = SudokuBoard.Render([.. problem.Columns.GetProperty(SolutionColumn).GetString()!.Select(c => c - '0')]);
        ReadOnlySpan<char> answer = Answer(response).Trim();
        bool exact = answer.SequenceEqual(solution);
        double cells = exact ? 1 : Matching(answer, solution), brevity = answer.Length > solution.Length ? (double)solution.Length / answer.Length : 1;
        return new RewardResult(
            (exact ? 1 : PartialWeight * cells) * brevity,
            new Dictionary<string, double>(3) { [Exact] = exact ? 1 : 0, [Cells] = cells, [Brevity] = brevity },
            exact);
    }

    /// <summary>A row has the column <c>puzzle</c> (16 or 81 cells, 0 for an empty one; text, or a list of rows) and may have <c>solution</c>.</summary>
    public override TaskProblem FromRow(JsonElement row, string place)
    {
        if (SudokuBoard.Parse(SudokuCells.Text(row, PuzzleColumn, place)) is not { } board)
            throw new EvoluteInputException($"{place}: column '{PuzzleColumn}' must be 16 or 81 cells, 0 for an empty one, no digit twice in a row, column or box.");
        if (board.Solve() is not { Count: 1 } solved) throw new EvoluteInputException($"{place}: column '{PuzzleColumn}' has not exactly one solution.");
        string solution = SudokuBoard.Digits(solved.First);
        if (row.TryGetProperty(SolutionColumn, out JsonElement own) && own.ValueKind != JsonValueKind.Null && SudokuBoard.Parse(SudokuCells.Text(row, SolutionColumn, place)) is var given && (given is null || SudokuBoard.Digits(given.Cells) != solution))
            throw new EvoluteInputException($"{place}: column '{SolutionColumn}' is not the puzzle's solution.");
        JsonObject columns = JsonObject.Create(row.Clone())!;
        columns[SolutionColumn] = solution;
        return Problem(place, JsonSerializer.SerializeToElement(columns), board.Cells);
    }

    private TaskProblem Problem(string id, JsonElement columns, int[] puzzle) => new()
    {
        Id = id,
        Prompt = _prompt.Render(field => field == "puzzle" ? SudokuBoard.Render(puzzle) : puzzle.Length == 16 ? "4" : "9"),
        Columns = columns,
    };

    // The last pair is found from its end: one search for the closing tag, one before it for the opening one.
    private static ReadOnlySpan<char> Answer(string response)
    {
        int close = response.LastIndexOf(Close, StringComparison.Ordinal);
        if (close < 0) return response;
        int open = response.AsSpan(0, close).LastIndexOf(Open, StringComparison.Ordinal);
        return open < 0 ? response : response.AsSpan(open + Open.Length, close - open - Open.Length);
    }

    private static double Matching(ReadOnlySpan<char> answer, string solution)
    {
        string digits = solution.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        int size = digits.Length == 16 ? 4 : 9, row = 0, matching = 0;
        foreach (Range line in answer.Split('\n'))
        {
            if (row == size) break;
            if (MatchingInRow(answer[line], digits.AsSpan(row * size, size)) is not { } count) continue;
            matching += count;
            row++;
        }
        return (double)matching / digits.Length;
    }

    // How many digits of a line are right; null where it has not as many digits as a row.
    private static int? MatchingInRow(ReadOnlySpan<char> line, ReadOnlySpan<char> row)
    {
        int at = 0, matching = 0;
        foreach (char c in line)
        {
            if (!char.IsAsciiDigit(c)) continue;
            if (at == row.Length) return null;
            if (c == row[at++]) matching++;
        }
        return at == row.Length ? matching : null;
    }
}
