using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public sealed class DatasetTaskTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Splits_of_one_file_share_no_problem_and_make_up_the_file()
    {
        TuningTask task = Gsm(Rows(50));
        string[][] splits = [.. Enum.GetValues<TaskSplit>().Select(split => Prompts(task, split, task.Count(split)!.Value))];
        Assert.All(splits, split => Assert.NotEmpty(split));
        Assert.Equal(50, splits.Sum(split => split.Length));
        Assert.Equal(50, splits.SelectMany(split => split).Distinct().Count());
    }

    [Fact]
    public void The_seed_orders_training_problems_and_nothing_else_and_more_problems_only_append()
    {
        TuningTask task = Gsm(Rows(50));
        Assert.NotEqual(Prompts(task, TaskSplit.Train, 30, 1), Prompts(task, TaskSplit.Train, 30, 2));
        Assert.Equal(Prompts(task, TaskSplit.Test, 2, 1), Prompts(task, TaskSplit.Test, 2, 2));
        Assert.Equal(Prompts(task, TaskSplit.Train, 30)[..7], Prompts(task, TaskSplit.Train, 7));
    }

    [Fact]
    public void A_problem_stays_in_its_split_whatever_the_words_of_the_prompt()
    {
        TuningTask other = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = Rows(50), ["prompt"] = "{question} Say!" });
        Assert.Equal(
            Gsm(Rows(50)).Problems(TaskSplit.Test, 2, 1).Select(p => p.Columns.GetProperty("question").GetString()), other.Problems(TaskSplit.Test, 2, 1).Select(p => p.Columns.GetProperty("question").GetString()));
    }

    [Fact]
    public void A_test_file_of_its_own_leaves_the_common_one_to_the_other_splits()
    {
        string test = _temp["test.jsonl"];
        File.WriteAllText(test, """
            {"question":"only test","answer":"1"}
            {"question":"What is 3 + 3?","answer":"6"}
            """);
        TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = Rows(21), ["test-dataset"] = test });
        Assert.Contains("only test", Prompts(task, TaskSplit.Test, 2)[0]);
        string[] others = [.. Prompts(task, TaskSplit.Train, task.Count(TaskSplit.Train)!.Value), .. Prompts(task, TaskSplit.Validation, task.Count(TaskSplit.Validation)!.Value)];
        Assert.Equal(20, others.Distinct().Count());
        Assert.DoesNotContain(others, p => p.Contains("What is 3 + 3?", StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_stays_in_its_split_whatever_rows_come_to_it()
    {
        HashSet<string> tests = [.. Prompts(Gsm(Rows(50)), TaskSplit.Test, 2)];
        TuningTask larger = Gsm(Rows(80));
        Assert.Superset(tests, Prompts(larger, TaskSplit.Test, larger.Count(TaskSplit.Test)!.Value).ToHashSet());
    }

    [Fact]
    public void A_column_may_name_the_split()
    {
        string path = _temp["split.jsonl"];
        File.WriteAllText(path, """
            {"question":"a","answer":"1","fold":"train"}
            {"question":"b","answer":"1","fold":"val"}
            {"question":"c","answer":"1","fold":"test"}
            {"question":"d","answer":"1","fold":"test"}
            """);
        TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = path, ["split-column"] = "fold", ["prompt"] = "{question}" });
        Assert.Equal(["a"], Prompts(task, TaskSplit.Train, 1));
        Assert.Equal(["b"], Prompts(task, TaskSplit.Validation, 1));
        Assert.Equal(["c", "d"], Prompts(task, TaskSplit.Test, 2));
        File.AppendAllText(path, """

            {"question":"e","answer":"1","fold":"tset"}
            {"question":"f","answer":"1"}
            """);
        task = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = path, ["split-column"] = "fold" });
        Assert.Equal(
            $"{path}, row 5: column 'fold' must be train, validation or test, not 'tset'.\n{path}, row 6 has no column 'fold'.",
            Assert.Throws<EvoluteInputException>(() => task.Count(TaskSplit.Train)).Message);
    }

    [Fact]
    public void A_json_file_with_one_list_is_rows_too()
    {
        string lines = Rows(30), list = _temp["30.json"];
        File.WriteAllText(list, "\uFEFF[" + string.Join(",\n ", File.ReadLines(lines)) + "]");
        Assert.Equal(Prompts(Gsm(lines), TaskSplit.Train, 15), Prompts(Gsm(list), TaskSplit.Train, 15));
        File.WriteAllText(list, "{}");
        Assert.Equal($"{list}: a .json file must hold one list of rows; write it so, or as JSONL with one row a line.", Assert.Throws<EvoluteInputException>(() => Gsm(list).Count(TaskSplit.Train)).Message);
    }

    [Fact]
    public void Every_bad_row_is_named_with_its_column()
    {
        string path = _temp["bad.jsonl"];
        File.WriteAllText(path, """
            {"question":"q","answer":"1"}
            {"question":null,"answer":"1"}
            {"answer":"1"}
            not json
            {"question":"q","answer":"none"}
            """);
        string message = Assert.Throws<EvoluteInputException>(() => Gsm(path).Problems(TaskSplit.Train, 1, 1)).Message;
        Assert.Equal(4, message.Split('\n').Length);
        Assert.Contains($"{path}, row 2: column 'question' is null and stands in the prompt.", message);
        Assert.Contains($"{path}, row 3 has no column 'question'.", message);
        Assert.Contains($"{path}, row 4 is not valid JSON", message);
        Assert.Contains($"{path}, row 5: column 'answer' has no number in it.", message);
    }

    [Fact]
    public void No_more_than_twenty_bad_rows_are_named()
    {
        string path = _temp["bad.jsonl"];
        File.WriteAllLines(path, Enumerable.Repeat("{}", 50));
        string[] lines = Assert.Throws<EvoluteInputException>(() => Gsm(path).Problems(TaskSplit.Train, 1, 1)).Message.Split('\n');
        Assert.Equal(21, lines.Length);
        Assert.Contains("only the first 20", lines[^1]);
    }

    [Fact]
    public void Too_many_problems_and_no_file_are_one_sentence_each()
    {
        int train = Gsm(Rows(20)).Count(TaskSplit.Train)!.Value;
        Assert.StartsWith($"The task gsm8k has {train} train problems, not 21: say --train-problems {train}", Assert.Throws<EvoluteInputException>(() => Gsm(Rows(20)).Problems(TaskSplit.Train, 21, 1)).Message);
        string absent = Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("gsm8k").Problems(TaskSplit.Train, 1, 1)).Message;
        Assert.Contains("--dataset FILE", absent);
        Assert.Contains("openai/gsm8k", absent);
        Assert.Contains("no.jsonl", Assert.Throws<EvoluteInputException>(() => Gsm("no.jsonl").Problems(TaskSplit.Train, 1, 1)).Message);
    }

    [Theory]
    [InlineData("gsm8k", "extration", "strict", "The task gsm8k has no option 'extration'. Did you mean 'extraction'?")]
    [InlineData("gsm8k", "extraction", "strickt", "The task gsm8k's option 'extraction' cannot be 'strickt'. Did you mean 'strict'?")]
    [InlineData("math", "prompt", "Solve.", "The task math's prompt names no {column}, so that all prompts would be the same: 'Solve.'.")]
    [InlineData("math", "prompt", "{problem} in \\boxed{}", "The task math's prompt: the { at character 20 belongs to no {column}; write {{ for the brace itself.")]
    [InlineData("sudoku", "prompt", "{puzle}", "The task sudoku's prompt cannot have {puzle} in it, only {puzzle} and {size}.")]
    [InlineData("math", "format-weight", "2", "The task math's option 'format-weight' must be a number from 0 to 1, not '2'.")]
    public void Bad_options_are_refused(string task, string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create(task, new JsonObject { [key] = value })).Message);

    private static TuningTask Gsm(string path) => TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = path });

    private string Rows(int count)
    {
        string path = _temp[$"{count}.jsonl"];
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new { question = $"What is {i} + {i}?", answer = $"It is.\n#### {2 * i}" })));
        return path;
    }

    private static string[] Prompts(TuningTask task, TaskSplit split, int count, ulong seed = 1) => [.. task.Problems(split, count, seed).Select(p => p.Prompt)];
}
