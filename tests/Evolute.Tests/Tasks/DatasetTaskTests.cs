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
        string[] train = Prompts(task, TaskSplit.Train, 40), validation = Prompts(task, TaskSplit.Validation, 5), test = Prompts(task, TaskSplit.Test, 5);
        Assert.Equal(50, train.Concat(validation).Concat(test).Distinct().Count());
    }

    [Fact]
    public void The_seed_orders_training_problems_and_nothing_else_and_more_problems_only_append()
    {
        TuningTask task = Gsm(Rows(50));
        Assert.NotEqual(Prompts(task, TaskSplit.Train, 40, 1), Prompts(task, TaskSplit.Train, 40, 2));
        Assert.Equal(Prompts(task, TaskSplit.Test, 5, 1), Prompts(task, TaskSplit.Test, 5, 2));
        Assert.Equal(Prompts(task, TaskSplit.Train, 40)[..7], Prompts(task, TaskSplit.Train, 7));
    }

    [Fact]
    public void A_problem_stays_in_its_split_whatever_the_words_of_the_prompt()
    {
        TuningTask other = TaskCatalog.Create("gsm8k", new JsonObject { ["dataset"] = Rows(50), ["prompt"] = "{question} Say!" });
        Assert.Equal(
            Gsm(Rows(50)).Problems(TaskSplit.Test, 5, 1).Select(p => p.Columns.GetProperty("question").GetString()), other.Problems(TaskSplit.Test, 5, 1).Select(p => p.Columns.GetProperty("question").GetString()));
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
        string[] others = [.. Prompts(task, TaskSplit.Train, 18), .. Prompts(task, TaskSplit.Validation, 2)];
        Assert.Equal(20, others.Distinct().Count());
        Assert.DoesNotContain(others, p => p.Contains("What is 3 + 3?", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_bad_row_is_named_with_its_column()
    {
        string path = _temp["bad.jsonl"];
        File.WriteAllText(path, """
            {"question":"q","answer":"1"}
            {"question":3,"answer":"1"}
            {"answer":"1"}
            not json
            {"question":"q","answer":"none"}
            """);
        string message = Assert.Throws<EvoluteInputException>(() => Gsm(path).Problems(TaskSplit.Train, 1, 1)).Message;
        Assert.Equal(4, message.Split('\n').Length);
        Assert.Contains($"{path}, row 2: column 'question' must be a string, not a number.", message);
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
        Assert.StartsWith("The task gsm8k has 16 train problems, not 17: say --train-problems 16", Assert.Throws<EvoluteInputException>(() => Gsm(Rows(20)).Problems(TaskSplit.Train, 17, 1)).Message);
        string absent = Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("gsm8k").Problems(TaskSplit.Train, 1, 1)).Message;
        Assert.Contains("--task-option dataset=FILE.jsonl", absent);
        Assert.Contains("openai/gsm8k", absent);
        Assert.Contains("no.jsonl", Assert.Throws<EvoluteInputException>(() => Gsm("no.jsonl").Problems(TaskSplit.Train, 1, 1)).Message);
    }

    [Theory]
    [InlineData("gsm8k", "extration", "strict", "The task gsm8k has no option 'extration'. Did you mean 'extraction'?")]
    [InlineData("gsm8k", "extraction", "strickt", "The task gsm8k's option 'extraction' cannot be 'strickt'. Did you mean 'strict'?")]
    [InlineData("math", "prompt", "Solve.", "The task math's option 'prompt' must have {problem} in it: 'Solve.'.")]
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
