using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Cli;
using Evolute.Tasks;
using Evolute.Tests.Cli;

namespace Evolute.Tests.Tasks;

/// <summary>What holds for every built-in task.</summary>
public sealed class EveryTaskTests(ITestOutputHelper output) : IDisposable
{
    private const int Megabyte = 1 << 20;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>A row and the options of each task.</summary>
    private static readonly (string Task, string Row, string Options)[] Rows =
    [
        ("countdown", """{"numbers":[1,2,{0}],"target":7}""", "{}"),
        ("math", """{"problem":"1+{0}","answer":"\\frac{1}{2}"}""", """{"extraction":"flexible"}"""),
        ("gsm8k", """{"question":"1+{0}","answer":"#### 5"}""", "{}"),
        ("conciseness", """{"prompt":"1+{0}","answer":"5"}""", "{}"),
        ("sudoku", """{"puzzle":"3100201300004020"}""", "{}"),
        ("arc", """{"train":[{"input":["{0}"],"output":["1"]}],"test":[{"input":["5"],"output":["5"]}]}""", """{"partial":0.5}"""),
        ("jsonl", """{"prompt":"1+{0}","answer":"5"}""", "{}"),
        ("jsonl", """{"prompt":"p","answer":"(a+)+<answer>(.*?)</answer>b"}""", """{"match":"regex"}"""),
        ("jsonl", """{"prompt":"p","answer":{"a":1}}""", """{"match":"json"}"""),
        ("jsonl", """{"prompt":"p","answer":"a"}""", """{"match":"label","labels":"a|b|a b"}"""),
        ("jsonl", """{"prompt":"p","answer":"a b"}""", """{"match":"normalized"}"""),
        ("jsonl", """{"prompt":"p","answer":"aaaaaaaab"}""", """{"match":"contains","ignore-case":true}"""),
        ("jsonl", """{"prompt":"p","answer":"5"}""", """{"match":"number","tolerance":1}"""),
        ("jsonl", """{"prompt":"p","answer":"x+1"}""", """{"match":"math"}"""),
        ("jsonl", """{"prompt":"p"}""", """{"match":"json-schema","schema":"{\"items\":{\"anyOf\":[{\"pattern\":\"(a+)+b\"},{\"type\":\"number\"}]}}"}"""),
        ("jsonl", """{"prompt":"p"}""", """{"match":"none"}"""),
    ];

    private static readonly string[] Units =
        ["<answer>", "</answer>", "<answer>1</answer>", "<answer", "<think>", "\\boxed{", "\\boxed{1}", "\\boxed{\\boxed{", "{", "}", "[", "\"", "```", "#### ", "#### 1\n", "1,", "1", "-", "$", "a", "1 2 3 4\n", "\n", " ", "\0", "\uD83D", "\\frac{", "^"];

    [Fact]
    public void Every_task_is_here() => Assert.Equal(TaskCatalog.Names, Rows.Select(r => r.Task).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Hostile_text_earns_a_finite_reward_with_all_parts_in_its_own_size() => Score(1 << 15, (_, allocated, _) => Assert.InRange(allocated, 0, 64L << 20));

    /// <summary>Prints the longest time that a megabyte takes; a second is the most.</summary>
    [Fact(Explicit = true)]
    public void A_megabyte_of_hostile_text_takes_less_than_a_second()
    {
        (TimeSpan longest, string which) = (TimeSpan.Zero, "");
        Score(Megabyte, (name, _, took) =>
        {
            if (took > longest) (longest, which) = (took, name);
        });
        output.WriteLine($"{longest.TotalMilliseconds:F0} ms: {which}");
        Assert.True(longest < TimeSpan.FromSeconds(1), $"{longest}: {which}");
    }

    [Theory]
    [InlineData("countdown", "{numbers} {target}=")]
    [InlineData("math", "{problem}=")]
    [InlineData("gsm8k", "{question}=")]
    [InlineData("conciseness", "{prompt}=")]
    [InlineData("sudoku", "{puzzle}")]
    [InlineData("arc", "{examples}\n{input}\n")]
    [InlineData("jsonl", "{prompt}=")]
    public void Every_task_trains_evaluates_and_rewards_by_its_name(string task, string prompt)
    {
        string model = TextModel.Create(_temp["model"]), data = _temp["data.jsonl"], responses = _temp["responses.jsonl"], row = Rows.First(r => r.Task == task).Row;
        File.WriteAllLines(data, Enumerable.Range(0, 40).Select(i => Filled(row, i)));
        string[] options = task == "sudoku" ? ["--prompt-template", prompt] : ["--prompt-template", prompt, "--dataset", data];
        ToolResult trained = Tool.Run(["train", task, "--model", model, .. options, "--iterations", "2", "--population", "4", "--prompts", "2", "--train-problems", "4", "--eval-problems", "1", "--max-new-tokens", "8", "--sigma", "0.2", "--output", _temp["run"], "--json"]);
        Assert.True(trained.Code == ExitCode.Done, trained.Error);
        Assert.Equal(2, trained.Json.GetProperty("iterations").GetInt32());

        ToolResult measured = Tool.Call(["eval", task, "--model", Path.Combine(_temp["run"], "final"), .. options, "--eval-problems", "1", "--max-new-tokens", "8", "--json"]);
        Assert.Equal((ExitCode.Done, task), (measured.Code, measured.Json.GetProperty("task").GetString()));

        JsonObject answered = JsonNode.Parse(Filled(row, 0))!.AsObject();
        answered["response"] = "5";
        File.WriteAllText(responses, answered.ToJsonString());
        ToolResult rewarded = Tool.Call("reward", task, "--input", responses, "--json");
        Assert.Equal(ExitCode.Done, rewarded.Code);
        Assert.Equal(TaskCatalog.Create(task).PartNames, rewarded.Json.GetProperty("parts").EnumerateObject().Select(p => p.Name));
    }

    private static string Filled(string row, int number) => row.Replace("{0}", number.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static void Score(int length, Action<string, long, TimeSpan> measured)
    {
        foreach ((string name, string row, string options) in Rows)
        {
            TuningTask task = TaskCatalog.Create(name, JsonNode.Parse(options)!.AsObject());
            TaskProblem problem = task.FromRow(JsonElement.Parse(Filled(row, 0)), "row 1");
            foreach (string unit in Units)
            {
                string body = string.Concat(Enumerable.Repeat(unit, length / unit.Length));
                foreach (string text in (string[])[body, body + "</answer>", "<answer>" + body, "\\boxed{" + body, "\\boxed{" + body + "}"])
                {
                    long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
                    RewardResult result = task.Score(problem, text);
                    measured($"{name} {options} {JsonSerializer.Serialize(unit)}", GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(start));
                    Assert.True(double.IsFinite(result.Score), unit);
                    Assert.Equal(task.PartNames, result.Parts.Keys);
                }
            }
        }
    }
}
