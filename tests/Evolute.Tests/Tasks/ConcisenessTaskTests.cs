using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class ConcisenessTaskTests
{
    [Theory]
    [InlineData("reply", "", -5)]
    [InlineData("reply", "Tokyo", 0)]
    [InlineData("reply", "The capital is Tokyo.", -16)]
    [InlineData("reply", "😀😀", -3)]
    [InlineData("prompt-and-reply", "", -1)]
    [InlineData("prompt-and-reply", "Tokyo", -6)]
    public void The_reward_is_the_difference_of_lengths_in_characters(string length, string response, double expected)
    {
        TuningTask task = TaskCatalog.Create("conciseness", new JsonObject { ["length"] = length });
        TaskProblem problem = task.FromRow(JsonElement.Parse("""{"prompt":"Where?","answer":"Tokyo"}"""), "row 1");
        RewardResult result = task.Score(problem, response);
        Assert.Equal((expected, expected, response == "Tokyo"), (result.Score, result.Parts["length"], result.Correct));
    }

    [Fact]
    public void The_pairs_that_come_with_it_are_different_in_every_split()
    {
        TuningTask task = TaskCatalog.Create("conciseness");
        string[] prompts = [.. task.Problems(TaskSplit.Train, 2, 1).Concat(task.Problems(TaskSplit.Validation, 8, 1)).Concat(task.Problems(TaskSplit.Test, 8, 1)).Select(p => p.Prompt)];
        Assert.Equal(18, prompts.Distinct().Count());
    }

    [Fact]
    public void Rows_of_a_file_are_read()
    {
        string path = SharedFixtures.Path("data", "conciseness", "own-eval.jsonl");
        Assert.Equal(16, TaskCatalog.Create("conciseness", new JsonObject { ["test-dataset"] = path }).Problems(TaskSplit.Test, 16, 1).Count);
    }
}
