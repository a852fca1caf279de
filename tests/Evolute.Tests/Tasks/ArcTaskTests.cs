using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Evolute.Tasks;
using Evolute.Tasks.Arc;

namespace Evolute.Tests.Tasks;

public sealed class ArcTaskTests : IDisposable
{
    private const string Task = """{"train":[{"input":[[0,1],[2,3]],"output":[[1]]}],"test":[{"input":["45"],"output":["54","60"]},{"input":[[7]],"output":[[8]]}]}""";

    private static readonly Gen<string[]> Rows = Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30]).SelectMany((width, height) => Gen.String[Gen.Char['0', '9'], width, width].Array[height]);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_prompt_shows_the_pairs_and_the_input()
    {
        TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["prompt"] = "{examples}|{input}|" });
        Assert.Equal("Input:\n0 1\n2 3\nOutput:\n1|4 5|", task.FromRow(JsonElement.Parse(Task), "t").Prompt);
        TuningTask joined = TaskCatalog.Create("arc", new JsonObject { ["prompt"] = "{examples}|{input}|", ["cells"] = "joined" });
        Assert.Equal("Input:\n01\n23\nOutput:\n1|45|", joined.FromRow(JsonElement.Parse(Task), "t").Prompt);
    }

    [Theory]
    [InlineData("<answer>5 4\n6 0</answer>", true, true)]
    [InlineData("I think.\n<answer>\n54\n60\n</answer> so", true, true)]
    [InlineData("<answer>[[5, 4], [6, 0]]</answer>", true, true)]
    [InlineData("<answer>[[5,4],\n [6,0]]\n</answer>", true, true)]
    [InlineData("<answer>1</answer><answer>54\r\n60</answer>", true, true)]
    [InlineData("<answer>The grid is\n5 4\n6 0</answer>", false, true)]
    [InlineData("<answer>1 1\n\n5 4\n6 0</answer>", false, true)]
    [InlineData("First:\n1 2\nThen:\n5 4\n6 0\nDone.", false, true)]
    [InlineData("```\n5 4\n6 0\n```\nIt has 2 rows.\n7 7", false, true)]
    [InlineData("5 4\n6 0", false, true)]
    [InlineData("<answer>5 4 6 0</answer>", false, false)]
    [InlineData("<answer>5 4\n6</answer>", false, false)]
    [InlineData("<answer>54 60</answer>", false, false)]
    [InlineData("54\n61", false, false)]
    [InlineData("", false, false)]
    public void Answers_are_read_strictly_or_leniently(string response, bool strict, bool lenient)
    {
        foreach ((string extraction, bool right) in new[] { ("strict", strict), ("lenient", lenient) })
        {
            TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["extraction"] = extraction });
            RewardResult result = task.Score(task.FromRow(JsonElement.Parse(Task), "t"), response);
            Assert.Equal((extraction, right, right ? 1.0 : 0), (extraction, result.Correct, result.Score));
        }
    }

    [Fact]
    public void Right_cells_of_the_right_shape_are_worth_what_the_option_says()
    {
        TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["partial"] = 0.5 });
        TaskProblem problem = task.FromRow(JsonElement.Parse(Task), "t");
        Assert.Equal(0.375, task.Score(problem, "5 4\n6 1").Score);
        RewardResult other = task.Score(problem, "5 4 6 0");
        Assert.Equal((0.0, 0.0, 1.0), (other.Score, other.Parts["cells"], other.Parts["format"]));
    }

    [Fact]
    public void Every_grid_is_found_as_it_is_written() => Gen.Select(Rows, Gen.Bool.Select(joined => joined ? "joined" : "spaced"), Gen.Bool).Sample((rows, cells, tagged) =>
    {
        string text = string.Join('\n', rows.Select(row => cells == "spaced" ? string.Join(' ', row.ToCharArray()) : row));
        string response = tagged ? $"So\n<answer>\n{text}\n</answer>" : $"So it is:\n{text}\nI am sure.";
        Assert.Equal(string.Join('\n', rows), ArcAnswer.Lenient(response)?.Render(""));
        Assert.Equal(tagged, ArcAnswer.Strict(response) is not null);
    });

    [Fact]
    public void No_grid_is_larger_than_thirty_by_thirty()
    {
        Assert.Null(ArcAnswer.Lenient(new string('1', 31)));
        Assert.Null(ArcAnswer.Lenient(string.Join('\n', Enumerable.Repeat("11", 31))));
        Assert.Equal(30, ArcAnswer.Lenient(string.Join('\n', Enumerable.Repeat(new string('1', 30), 30)))!.Height);
    }

    [Fact]
    public void Several_test_inputs_are_several_problems_of_one_split()
    {
        string path = _temp["arc.jsonl"];
        File.WriteAllLines(path, Enumerable.Range(0, 40).Select(i => Task.Replace("[[1]]", $"[[{i / 10},{i % 10}]]", StringComparison.Ordinal)));
        TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["dataset"] = path });
        int[] counts = [.. Enum.GetValues<TaskSplit>().Select(s => task.Count(s)!.Value)];
        Assert.Equal(80, counts.Sum());
        Assert.All(counts, count => Assert.Equal(0, count % 2));
        TaskProblem second = task.Problems(TaskSplit.Test, 2, 1)[1];
        Assert.EndsWith(", test 2", second.Id, StringComparison.Ordinal);
        Assert.True(task.Score(second, "8").Correct);
    }

    [Fact]
    public void Folders_objects_and_pairs_of_files_hold_the_same_problems()
    {
        Directory.CreateDirectory(_temp["folder"]);
        File.WriteAllText(_temp["folder/a1.json"], Task);
        File.WriteAllText(_temp["arc_challenges.json"], """{"a1":{"train":[{"input":[[0,1],[2,3]],"output":[[1]]}],"test":[{"input":["45"]},{"input":[[7]]}]}}""");
        Assert.Contains("are not beside it as arc_solutions.json", Assert.Throws<EvoluteInputException>(() => Prompts("arc_challenges.json")).Message);
        File.WriteAllText(_temp["arc_solutions.json"], """{"a1":[[[5,4],[6,0]],[[8]]]}""");
        File.WriteAllText(_temp["one.json"], $$"""{"a1":{{Task}}}""");
        string[] expected = Prompts("folder");
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected, Prompts("folder/a1.json"));
        Assert.Equal(expected, Prompts("one.json"));
        Assert.Equal(expected, Prompts("arc_challenges.json"));
        File.WriteAllText(_temp["arc_solutions.json"], """{"a1":[[[5,4],[6,0]]]}""");
        Assert.Contains("arc_challenges.json, task a1 has not as many solutions as test inputs.", Assert.Throws<EvoluteInputException>(() => Prompts("arc_challenges.json")).Message);

        string[] Prompts(string name)
        {
            TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["test-dataset"] = _temp[name] });
            IReadOnlyList<TaskProblem> problems = task.Problems(TaskSplit.Test, task.Count(TaskSplit.Test)!.Value, 1);
            Assert.All(problems.Zip(["54\n60", "8"]), p => Assert.True(task.Score(p.First, p.Second).Correct));
            Assert.All(problems, p => Assert.Equal("a1", p.Columns.TryGetProperty("id", out JsonElement id) ? id.GetString() : "a1"));
            return [.. problems.Select(p => p.Prompt)];
        }
    }

    [Theory]
    [InlineData("""{"train":[],"test":[]}""", "t: column 'test' must be a list of pairs with an input and an output grid.")]
    [InlineData("""{"train":[{"input":[[1]],"output":[[1]]}],"test":[{"input":[[1]]}]}""", "t: column 'test', pair 1 has no output.")]
    [InlineData("""{"train":[{"input":[[10]],"output":[[1]]}],"test":[{"input":[[1]],"output":[[1]]}]}""", "t: column 'train', pair 1, input must be a grid: ")]
    [InlineData("""{"train":[{"input":[[1],[1,2]],"output":[[1]]}],"test":[{"input":[[1]],"output":[[1]]}]}""", "t: column 'train', pair 1, input must be a grid: ")]
    [InlineData("""{"train":[{"input":[[1]],"output":[[1]]}],"test":[{"input":[[1]],"output":[[1]]}],"test_index":1}""", "t: column 'test_index' is 1, and there are 1 test pairs, counted from 0.")]
    public void A_bad_row_is_named(string row, string sentence)
    {
        string path = _temp["t.json"];
        File.WriteAllText(path, row);
        string message = Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("arc", new JsonObject { ["test-dataset"] = path }).Count(TaskSplit.Test)).Message;
        Assert.StartsWith(sentence, message.Replace(path, "t", StringComparison.Ordinal));
    }

    /// <summary>The public tasks: every one is read, and its own solution earns 1.</summary>
    [Fact]
    public void All_public_tasks_are_read_and_their_solutions_are_right()
    {
        string folder = SharedFixtures.Path("data", "arc-agi-1");
        TuningTask task = TaskCatalog.Create("arc", new JsonObject { ["validation-dataset"] = Path.Combine(folder, "training.jsonl"), ["test-dataset"] = Path.Combine(folder, "evaluation.jsonl") });
        foreach ((TaskSplit split, int count) in new[] { (TaskSplit.Validation, 416), (TaskSplit.Test, 419) })
        {
            Assert.Equal(count, task.Count(split));
            foreach (TaskProblem problem in task.Problems(split, count, 1))
            {
                int index = problem.Columns.TryGetProperty("test_index", out JsonElement at) ? at.GetInt32() : 0;
                string gold = string.Join('\n', problem.Columns.GetProperty("test")[index].GetProperty("output").EnumerateArray().Select(r => string.Join(' ', r.GetString()!.ToCharArray())));
                Assert.Equal(1, task.Score(problem, $"<answer>{gold}</answer>").Score);
                Assert.NotEqual(1, task.Score(problem, $"<answer>{gold}\n{gold.Split('\n')[0]}</answer>").Score);
            }
        }
    }
}
