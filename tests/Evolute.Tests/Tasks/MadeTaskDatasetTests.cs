using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;
using Parquet.Serialization;

namespace Evolute.Tests.Tasks;

/// <summary>Tasks that make their problems read them from datasets too.</summary>
public sealed class MadeTaskDatasetTests : IDisposable
{
    private const string Solved = "3142241312344321";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Countdown_reads_the_same_rows_from_lines_and_from_Parquet()
    {
        Row[] rows = [.. Enumerable.Range(1, 60).Select(i => new Row { target = i, nums = [i, 2, 3] })];
        string lines = Write("rows.jsonl", rows.Select(r => (object)r)), parquet = _temp["rows.parquet"];
        await using (FileStream file = File.Create(parquet)) await ParquetSerializer.SerializeAsync(rows, file, cancellationToken: TestContext.Current.CancellationToken);
        TuningTask one = Countdown(lines), other = Countdown(parquet);
        foreach (TaskSplit split in Enum.GetValues<TaskSplit>()) Assert.Equal(Prompts(one, split), Prompts(other, split));
        TaskProblem first = one.Problems(TaskSplit.Train, 1, 1)[0];
        int number = first.Columns.GetProperty("target").GetInt32();
        Assert.Equal($"Numbers: {number} 2 3. Target: {number}.\n<think>", first.Prompt);
        Assert.Equal(1.1, one.Score(first, $"</think>\n<answer>{number}*(3-2)</answer>").Score);
        Assert.False(one.Score(first, $"</think>\n<answer>{number}</answer>").Correct);
        Assert.Equal(1.1, one.Score(one.FromRow(first.Columns, "row 1"), $"</think>\n<answer>{number}*(3-2)</answer>").Score);
    }

    [Fact]
    public void Rows_with_the_same_numbers_are_in_one_split_whatever_their_order_and_target()
    {
        string path = Write("rows.jsonl", Enumerable.Range(0, 120).Select(i => (object)new { numbers = i % 2 == 0 ? (int[])[i / 2, 5, 70] : [70, i / 2, 5], target = i }));
        TuningTask task = Countdown(path);
        string[][] keys = [.. Enum.GetValues<TaskSplit>().Select(split => task.Problems(split, task.Count(split)!.Value, 1).Select(Numbers).ToArray())];
        Assert.All(keys, split => Assert.NotEmpty(split));
        Assert.Equal(120, keys.Sum(k => k.Length));
        Assert.Equal(60, keys.Sum(k => k.Distinct().Count()));
    }

    [Theory]
    [InlineData("""{"target":1}""", " has no column 'numbers'.")]
    [InlineData("""{"nums":[1,2]}""", " has no column 'target'.")]
    [InlineData("""{"nums":[],"target":1}""", ": column 'nums' must be a list of whole numbers.")]
    [InlineData("""{"numbers":"1 2","target":1}""", ": column 'numbers' must be a list of whole numbers.")]
    [InlineData("""{"nums":[1,2.5],"target":1}""", ": column 'nums', number 2 must be a whole number from 0 to 2147483647, not 2.5.")]
    [InlineData("""{"nums":[-1,2],"target":1}""", ": column 'nums', number 1 must be a whole number from 0 to 2147483647, not -1.")]
    [InlineData("""{"nums":[1,2],"target":"many"}""", ": column 'target' must be a number.")]
    [InlineData("""{"nums":[1,2],"target":null}""", ": column 'target' must be a number.")]
    [InlineData("""{"nums":[1,2],"target":3,"prompt":4}""", ": column 'prompt' must be a string, not a number.")]
    public void A_bad_Countdown_row_is_named(string row, string sentence)
    {
        string path = _temp["bad.jsonl"];
        File.WriteAllText(path, """{"nums":[1,2],"target":"3"}""" + "\n" + row + "\n");
        Assert.Equal($"{path}, row 2{sentence}", Assert.Throws<EvoluteInputException>(() => Countdown(path).Count(TaskSplit.Train)).Message);
    }

    [Fact]
    public void A_rows_own_prompt_is_asked_unless_a_wording_is_given()
    {
        string path = _temp["prompts.jsonl"];
        File.WriteAllText(path, """
            {"nums":[1,2],"target":3,"prompt":"Make 3 of 1 and 2."}
            {"nums":[1,4],"target":5,"prompt":[{"role":"user","content":"Make 5."}]}
            {"nums":[1,6],"target":7,"prompt":null}
            """);
        TaskProblem[] problems = [.. Tests(path, "compact").Problems(TaskSplit.Test, 3, 1)];
        Assert.Equal(["Make 3 of 1 and 2.", "Make 5.", "Numbers: 1 6. Target: 7.\n<think>"], problems.Select(p => p.Prompt));
        Assert.Equal([false, true, false], problems.Select(p => p.Messages is not null));
        Assert.Equal(["1 2=3", "1 4=5", "1 6=7"], Tests(path, "{numbers}={target}").Problems(TaskSplit.Test, 3, 1).Select(p => p.Prompt));

        static TuningTask Tests(string path, string prompt) => TaskCatalog.Create("countdown", new JsonObject { ["test-dataset"] = path, ["prompt"] = prompt });
    }

    [Theory]
    [InlineData("countdown")]
    [InlineData("sudoku")]
    public void Problems_that_are_made_beside_a_file_leave_out_what_is_in_it(string name)
    {
        TuningTask made = TaskCatalog.Create(name);
        TaskProblem[] first = [.. made.Problems(TaskSplit.Train, 12, 1)];
        string path = _temp["tests.jsonl"];
        File.WriteAllLines(path, first.Take(5).Select(p => p.Columns.GetRawText()));
        TuningTask task = TaskCatalog.Create(name, new JsonObject { ["test-dataset"] = path });
        Assert.Equal((null, 5, 1), (task.Count(TaskSplit.Train), task.Count(TaskSplit.Test), task.Files.Count));
        Assert.Equal(first.Skip(5).Select(p => (p.Id, p.Prompt)), task.Problems(TaskSplit.Train, 7, 1).Select(p => (p.Id, p.Prompt)));
        Assert.Equal(first.Take(5).Select(p => p.Prompt), task.Problems(TaskSplit.Test, 5, 1).Select(p => p.Prompt));
        Assert.Equal(made.Problems(TaskSplit.Validation, 4, 1).Select(p => p.Prompt), task.Problems(TaskSplit.Validation, 4, 1).Select(p => p.Prompt));
    }

    [Fact]
    public void Sudoku_reads_boards_as_text_and_as_lists()
    {
        string path = _temp["boards.jsonl"];
        File.WriteAllText(path, """
            {"puzzle":"31.. 2.13 .... 4.2.","solution":null}
            {"puzzle":"31..2.13....4.2.","solution":"3142241312344321"}
            {"puzzle":[[3,1,0,0],[2,0,1,3],[0,0,0,0],[4,0,2,0]],"solution":["3142","2413","1234","4321"]}
            {"puzzle":["31__","2_13","____","4_2_"]}
            {"puzzle":[3,1,null,null,2,0,1,3,0,0,0,0,4,0,2,0]}
            """);
        TuningTask task = TaskCatalog.Create("sudoku", new JsonObject { ["test-dataset"] = path, ["prompt"] = "{puzzle}" });
        IReadOnlyList<TaskProblem> problems = task.Problems(TaskSplit.Test, 5, 1);
        Assert.All(problems, p => Assert.Equal(("3 1 _ _\n2 _ 1 3\n_ _ _ _\n4 _ 2 _", Solved), (p.Prompt, p.Columns.GetProperty("solution").GetString())));
        Assert.All(problems, p => Assert.True(task.Score(p, "3 1 4 2\n2 4 1 3\n1 2 3 4\n4 3 2 1").Correct));
    }

    [Fact]
    public void A_bad_Sudoku_row_is_named()
    {
        string path = _temp["bad.jsonl"];
        File.WriteAllText(path, """
            {"puzzle":[["12"],[{}]]}
            {"puzzle":[12,3]}
            {"puzzle":"31"}
            {}
            """);
        Assert.Equal(
            $"{path}, row 1: column 'puzzle' must be a string, or a list of rows of digits, 0 for an empty cell.\n"
            + $"{path}, row 2: column 'puzzle' must be a string, or a list of rows of digits, 0 for an empty cell.\n"
            + $"{path}, row 3: column 'puzzle' must be 16 or 81 cells, 0 for an empty one, no digit twice in a row, column or box.\n"
            + $"{path}, row 4 has no column 'puzzle'.",
            Assert.Throws<EvoluteInputException>(() => Sudoku(path).Count(TaskSplit.Train)).Message);
    }

    [Fact]
    public void Boards_of_both_sizes_are_divided_by_their_solution()
    {
        TuningTask made = TaskCatalog.Create("sudoku"), large = TaskCatalog.Create("sudoku", new JsonObject { ["size"] = 9 });
        string[] rows = [.. made.Problems(TaskSplit.Train, 60, 1).Concat(large.Problems(TaskSplit.Train, 3, 1)).Select(p => p.Columns.GetProperty("puzzle").GetString()!)];
        TuningTask task = Sudoku(Write("boards.jsonl", rows.SelectMany(r => (object[])[new { puzzle = r }, new { puzzle = r.Replace('0', '.') }])));
        string[][] solutions = [.. Enum.GetValues<TaskSplit>().Select(split => task.Problems(split, task.Count(split)!.Value, 1).Select(p => p.Columns.GetProperty("solution").GetString()!).ToArray())];
        Assert.All(solutions, split => Assert.NotEmpty(split));
        Assert.Equal(126, solutions.Sum(s => s.Length));
        Assert.Equal(solutions.SelectMany(s => s).Distinct().Count(), solutions.Sum(s => s.Distinct().Count()));
        Assert.Contains("Solve this 9x9 Sudoku.", string.Concat(Enum.GetValues<TaskSplit>().SelectMany(split => Prompts(task, split))));
    }

    // Names as they stand in files.
#pragma warning disable IDE1006
    internal sealed class Row
    {
        public long target { get; set; }
        public List<long> nums { get; set; } = [];
    }
#pragma warning restore IDE1006

    private static TuningTask Countdown(string path) => TaskCatalog.Create("countdown", new JsonObject { ["dataset"] = path, ["prompt"] = "compact" });

    private static TuningTask Sudoku(string path) => TaskCatalog.Create("sudoku", new JsonObject { ["dataset"] = path });

    private static string[] Prompts(TuningTask task, TaskSplit split) => [.. task.Problems(split, task.Count(split)!.Value, 1).Select(p => p.Prompt)];

    private static string Numbers(TaskProblem problem) =>
        string.Join(',', problem.Columns.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32()).Order().Select(n => n.ToString(CultureInfo.InvariantCulture)));

    private string Write(string name, IEnumerable<object> rows)
    {
        string path = _temp[name];
        File.WriteAllLines(path, rows.Select(r => JsonSerializer.Serialize(r)));
        return path;
    }
}
