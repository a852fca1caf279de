using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;
using Evolute.Tasks.Sudoku;

namespace Evolute.Tests.Tasks;

public class SudokuTaskTests
{
    private const string Solved = "3 1 4 2\n2 4 1 3\n1 2 3 4\n4 3 2 1";
    private const string Row = """{"puzzle":"3100201300004020"}""";

    [Theory]
    [InlineData(Solved, 1, 1, 1)]
    [InlineData("\n" + Solved + "\n", 1, 1, 1)]
    [InlineData("<answer>" + Solved + "</answer>", 1, 1, 1)]
    [InlineData("3142\n2413\n1234\n4321", 0, 1, 1)]
    [InlineData("3 1 4 2\n2 4 1 3\n1 2 3 4\n4 3 1 2", 0, 14 / 16.0, 1)]
    [InlineData("3 1 4 2\n2 4 1\n2 4 1 3", 0, 8 / 16.0, 1)]
    [InlineData("", 0, 0, 1)]
    [InlineData("no idea", 0, 0, 1)]
    [InlineData("Here it is: the whole board!!!\n" + Solved, 0, 1, 31 / 62.0)]
    public void Right_cells_earn_a_part_and_long_answers_less(string response, double exact, double cells, double brevity)
    {
        TuningTask task = TaskCatalog.Create("sudoku");
        RewardResult result = task.Score(task.FromRow(JsonElement.Parse(Row), "row 1"), response);
        Assert.Equal((exact, cells, brevity), (result.Parts["exact"], result.Parts["cells"], result.Parts["brevity"]));
        Assert.Equal(((exact == 1 ? 1 : 0.9 * cells) * brevity, exact == 1), (result.Score, result.Correct));
    }

    [Theory]
    [InlineData(4, 8, 12, 100)]
    [InlineData(9, 30, 50, 10)]
    public void Puzzles_have_one_solution_and_differ(int size, int least, int most, int count)
    {
        TuningTask task = TaskCatalog.Create("sudoku", new JsonObject { ["size"] = size });
        IReadOnlyList<TaskProblem> problems = task.Problems(TaskSplit.Train, count, 5);
        Assert.Equal(count, problems.Select(p => p.Prompt).Distinct().Count());
        foreach (TaskProblem problem in problems)
        {
            string puzzle = problem.Columns.GetProperty("puzzle").GetString()!, solution = problem.Columns.GetProperty("solution").GetString()!;
            SudokuBoard board = SudokuBoard.Parse(puzzle)!;
            Assert.Equal((1, solution), (board.Solve()!.Value.Count, SudokuBoard.Digits(board.Solve()!.Value.First)));
            Assert.InRange(puzzle.Count(c => c == '0'), least, most);
            Assert.Equal(1, task.Score(problem, SudokuBoard.Render(SudokuBoard.Parse(solution)!.Cells)).Score);
        }
    }

    [Fact]
    public void Splits_share_no_solved_board_and_only_training_follows_the_seed()
    {
        TuningTask task = TaskCatalog.Create("sudoku");
        string[] Solutions(TaskSplit split, ulong seed) => [.. task.Problems(split, 30, seed).Select(p => p.Columns.GetProperty("solution").GetString()!)];
        Assert.Empty(Solutions(TaskSplit.Train, 1).Intersect(Solutions(TaskSplit.Test, 1)));
        Assert.Empty(Solutions(TaskSplit.Validation, 1).Intersect(Solutions(TaskSplit.Test, 1)));
        Assert.NotEqual(Solutions(TaskSplit.Train, 1), Solutions(TaskSplit.Train, 2));
        Assert.Equal(Solutions(TaskSplit.Test, 1), Solutions(TaskSplit.Test, 2));
        Assert.Equal(task.Problems(TaskSplit.Train, 30, 1).Take(9).Select(p => p.Prompt), task.Problems(TaskSplit.Train, 9, 1).Select(p => p.Prompt));
    }

    [Theory]
    [InlineData("""{"puzzle":"310020130000402"}""", "row 1: column 'puzzle' must be 16 or 81 cells, 0 for an empty one, no digit twice in a row, column or box.")]
    [InlineData("""{"puzzle":"3300201300004020"}""", "row 1: column 'puzzle' must be 16 or 81 cells, 0 for an empty one, no digit twice in a row, column or box.")]
    [InlineData("""{"puzzle":"0000000000000000"}""", "row 1: column 'puzzle' has not exactly one solution.")]
    [InlineData("""{"puzzle":"3100201300004020","solution":"3142241312344312"}""", "row 1: column 'solution' is not the puzzle's solution.")]
    [InlineData("{}", "row 1 has no column 'puzzle'.")]
    public void A_bad_row_is_named(string row, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("sudoku").FromRow(JsonElement.Parse(row), "row 1")).Message);

    [Theory]
    [InlineData("4x4-test.jsonl")]
    [InlineData("9x9.jsonl")]
    public void Published_boards_are_solved_as_given(string file)
    {
        TuningTask task = TaskCatalog.Create("sudoku");
        foreach (string line in File.ReadLines(SharedFixtures.Path("data", "sudoku", file)).Take(100))
            Assert.Equal(JsonElement.Parse(line).GetProperty("solution").GetString(), task.FromRow(JsonElement.Parse(line), "row").Columns.GetProperty("solution").GetString());
    }
}
