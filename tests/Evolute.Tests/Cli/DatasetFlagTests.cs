using System.Globalization;
using System.Text.Json;
using Evolute.Cli;
using Parquet.Serialization;

namespace Evolute.Tests.Cli;

/// <summary>Data of one's own, through the command line.</summary>
public sealed class DatasetFlagTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Own_rows_of_messages_train_with_no_more_than_a_dataset_and_are_known_again_on_resuming()
    {
        string model = TextModel.Create(_temp["model"]), data = Messages("chat.jsonl", 60), run = _temp["run"];
        string[] train = ["train", "jsonl", "--model", model, "--dataset", data, "--population", "4", "--max-new-tokens", "6", "--sigma", "0.2", "--output", run];
        ToolResult begun = Tool.Run([.. train, "--iterations", "1", "--json"]);
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "settings.json")));
        Assert.Equal(Path.GetFullPath(data), settings.RootElement.GetProperty("task-options").GetProperty("dataset").GetString());
        Assert.Equal(64, settings.RootElement.GetProperty("dataset-sha256").GetString()!.Length);
        // The template may ask for the date, so the run keeps it.
        Assert.Equal(JsonValueKind.String, settings.RootElement.GetProperty("chat-date").ValueKind);
        Assert.InRange(settings.RootElement.GetProperty("eval-problems").GetInt32(), 1, 20);

        string moved = _temp["elsewhere/chat.jsonl"];
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Move(data, moved);
        string[] resume = ["train", "jsonl", "--resume", "--output", run, "--iterations", "2", "--json"];
        Assert.Contains(data, Tool.Call(resume).LastLine, StringComparison.Ordinal);
        ToolResult resumed = Tool.Call([.. resume, "--dataset", moved]);
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);

        File.AppendAllText(moved, "\n");
        ToolResult changed = Tool.Call(resume);
        Assert.Equal(ExitCode.BadInput, changed.Code);
        Assert.StartsWith($"{moved}: the dataset has changed since the run was begun: its SHA-256 is ", changed.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bad_row_of_a_dataset_is_named_by_the_tool()
    {
        string data = _temp["bad.jsonl"];
        File.WriteAllText(data, """
            {"question":"a","answer":"x"}
            {"question":7,"answer":"x"}
            {"question":"a"}
            {"question":null,"answer":"x"}
            {"answer":[],"question":"b"}
            """);
        ToolResult bad = Tool.Call("train", "jsonl", "--model", TextModel.Create(_temp["model"]), "--dataset", data, "--prompt-template", "{question}?");
        Assert.Equal(ExitCode.BadInput, bad.Code);
        Assert.Equal(
            $"{data}, row 3 has no column 'answer'. {data}, row 4: column 'question' is null and stands in the prompt. {data}, row 5: column 'answer' must be a string or a number.",
            bad.Error.Replace("evolute: ", "", StringComparison.Ordinal).TrimEnd('\n'));
    }

    [Fact]
    public async Task A_Parquet_file_of_messages_trains_and_is_scored()
    {
        ChatRow[] rows = [.. Enumerable.Range(0, 60).Select(i => new ChatRow { messages = [new ChatTurn { role = "user", content = i.ToString(CultureInfo.InvariantCulture) }], answer = "5", response = i % 2 == 0 ? "5" : "6" })];
        string data = _temp["chat.parquet"];
        await using (FileStream file = File.Create(data)) await ParquetSerializer.SerializeAsync(rows, file, cancellationToken: TestContext.Current.CancellationToken);
        ToolResult trained = Tool.Call(
            "train", "jsonl", "--model", TextModel.Create(_temp["model"]), "--dataset", data, "--population", "4", "--max-new-tokens", "6", "--sigma", "0.2", "--iterations", "2", "--output", _temp["run"], "--json");
        Assert.True(trained.Code == ExitCode.Done, trained.Error);
        Assert.Equal(2, trained.Json.GetProperty("iterations").GetInt32());
        ToolResult rewarded = Tool.Call("reward", "jsonl", "--input", data);
        Assert.Equal((ExitCode.Done, "60 rows, mean reward 0.5, 30 correct"), (rewarded.Code, rewarded.Sentence));
    }

    [Fact]
    public void Rows_that_another_reward_judges_need_no_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scorer is a shell's.");
        string data = _temp["rows.jsonl"], scorer = _temp["score.sh"];
        File.WriteAllLines(data, Enumerable.Range(0, 3).Select(i => JsonSerializer.Serialize(new { prompt = $"{i}" })));
        File.WriteAllText(scorer, "while IFS= read -r line; do id=${line#*'\"id\":'}; printf '{\"id\":%s,\"reward\":2}\\n' \"${id%%,*}\"; done\n");
        string[] eval = ["eval", "jsonl", "--model", TextModel.Create(_temp["model"]), "--test-dataset", data, "--max-new-tokens", "4", "--json"];
        ToolResult result = Tool.Call([.. eval, "--reward", $"sh {scorer}"]);
        Assert.True(result.Code == ExitCode.Done, result.Error);
        Assert.Equal(2, result.Json.GetProperty("reward_mean").GetDouble());
        Assert.Contains("row 1 has no column 'answer'.", Tool.Call(eval).Error, StringComparison.Ordinal);
        Assert.Contains("row 1 has no column 'answer'.", Tool.Call([.. eval, "--reward", $"sh {scorer}", "--reward", "task"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_in_a_file_shows_in_the_prompts_of_eval()
    {
        string data = _temp["rows.jsonl"], template = _temp["prompt.txt"];
        File.WriteAllLines(data, Enumerable.Range(0, 3).Select(i => JsonSerializer.Serialize(new { q = i, answer = "x" })));
        File.WriteAllText(template, "{{Q}}{q}\n");
        ToolResult shown = Tool.Call("eval", "jsonl", "--model", TextModel.Create(_temp["model"]), "--test-dataset", data, "--prompt-template", "@" + template, "--max-new-tokens", "4", "--show", "2");
        Assert.True(shown.Code == ExitCode.Done, shown.Error);
        Assert.Contains("rows.jsonl, row 1: reward 0 (match 0)\n{Q}0\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("{Q}1\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains(" on 3 test problems of jsonl", shown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dataset: there is no file 'no.jsonl'.", "--dataset", "no.jsonl")]
    [InlineData("--prompt-template: there is no file 'no.txt'.", "--prompt-template", "@no.txt")]
    [InlineData("The task's option 'dataset' is the flag --dataset; give that instead.", "--task-option", "dataset=a.jsonl")]
    [InlineData("The task jsonl reads its test problems from a dataset: --test-dataset FILE. Rows have the columns prompt (text, or messages with role and content; or those of a --prompt-template) and answer.")]
    public void A_dataset_that_is_not_there_is_one_sentence(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(["eval", "jsonl", "--model", TextModel.Create(_temp["model"]), .. args]);
        Assert.Equal((ExitCode.BadInput, true), (result.Code, result.Sentence.EndsWith(sentence, StringComparison.Ordinal)));
    }

    // Names as they stand in files.
#pragma warning disable IDE1006
    internal sealed class ChatTurn
    {
        public string role { get; set; } = "";
        public string content { get; set; } = "";
    }

    internal sealed class ChatRow
    {
        public List<ChatTurn>? messages { get; set; }
        public string answer { get; set; } = "";
        public string response { get; set; } = "";
    }
#pragma warning restore IDE1006

    private string Messages(string name, int count)
    {
        string path = _temp[name];
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new
        {
            messages = new[] { new { role = "system", content = "s" }, new { role = "user", content = i.ToString(CultureInfo.InvariantCulture) } },
            answer = "1",
        })));
        return path;
    }
}
