using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class GsmTaskTests
{
    [Theory]
    [InlineData("18", "#### 18", 1, 1)]
    [InlineData("18", "The answer is 18.", 0, 1)]
    [InlineData("18", "#### $18", 1, 1)]
    [InlineData("18", "#### 18 dollars a day", 1, 1)]
    [InlineData("18", "#### 18.0", 1, 1)]
    [InlineData("70000", "#### 70,000", 1, 1)]
    [InlineData("70000", "#### $70,000.00.", 1, 1)]
    [InlineData("70000", "#### 70,00", 0, 0)]
    [InlineData("-5", "#### -5", 1, 1)]
    [InlineData("-5", "#### -$5", 1, 1)]
    [InlineData("-5", "20-5", 0, 0)]
    [InlineData("5", "20-5", 0, 1)]
    [InlineData("5", "#### -5", 0, 0)]
    [InlineData("0.5", "#### .5", 1, 1)]
    [InlineData("18", "#### 17\nno:\n#### 18", 1, 1)]
    [InlineData("18", "#### 18\nwhich is 2 more", 1, 0)]
    [InlineData("18", "#### eighteen", 0, 0)]
    [InlineData("18", "#### about 18", 0, 1)]
    [InlineData("18", "#### 181", 0, 0)]
    [InlineData("18", "", 0, 0)]
    [InlineData("1234567890123456789012", "#### 1234567890123456789012", 1, 1)]
    [InlineData("1234567890123456789012", "#### 1234567890123456789013", 0, 0)]
    public void Numbers_are_found_strictly_and_flexibly(string gold, string response, double strict, double flexible)
    {
        JsonElement row = JsonElement.Parse($$"""{"question":"q","answer":"{{gold}}"}""");
        foreach (string mode in (string[])["strict", "flexible"])
        {
            TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["extraction"] = mode });
            RewardResult result = task.Score(task.FromRow(row, "row 1"), response);
            Assert.Equal((strict, flexible, mode == "strict" ? strict : flexible), (result.Parts["strict"], result.Parts["flexible"], result.Score));
        }
    }

    [Theory]
    [InlineData("#### 18", "18/1", "18/1")]
    [InlineData("#### 18.0 dollars", "18/1", "18/1")]
    [InlineData("#### $70,000.00.", "70000/1", "70000/1")]
    [InlineData("#### 0.50", "1/2", "1/2")]
    [InlineData("The answer is 18.", null, "18/1")]
    [InlineData("#### eighteen", null, null)]
    [InlineData("", null, null)]
    public void Equal_numbers_are_one_answer(string response, string? strict, string? flexible)
    {
        JsonElement row = JsonElement.Parse("""{"question":"q","answer":"18"}""");
        foreach ((string mode, string? expected) in ((string, string?)[])[("strict", strict), ("flexible", flexible)])
        {
            TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["extraction"] = mode });
            Assert.Equal(expected, task.AnswerOf(task.FromRow(row, "row 1"), response));
        }
    }

    [Fact]
    public void Published_solutions_score_and_corrupted_ones_do_not()
    {
        int corrupted = 0;
        foreach (string line in File.ReadLines(SharedFixtures.Path("data", "gsm8k", "test.jsonl")))
        {
            JsonElement row = JsonElement.Parse(line);
            string solution = row.GetProperty("solution").GetString()!, answer = row.GetProperty("answer").GetString()!;
            string[] wrong =
            [
                solution.Replace("#### ", "#### 1", StringComparison.Ordinal), solution + "7", solution.Replace("#### ", "#### -", StringComparison.Ordinal), solution + ".5",
                solution[..solution.LastIndexOf("####", StringComparison.Ordinal)] + "#### " + (long.Parse(answer, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
            ];
            foreach (string mode in (string[])["strict", "flexible"])
            {
                TuningTask task = TaskCatalog.Create("gsm8k", new JsonObject { ["extraction"] = mode });
                TaskProblem problem = task.FromRow(row, "row");
                Assert.Equal(1, task.Score(problem, solution).Score);
                // A zero stays what it is with another sign.
                foreach (string response in wrong.Where((_, i) => answer != "0" || i != 2)) Assert.True(task.Score(problem, response).Score == 0, response);
            }
            corrupted += wrong.Length;
        }
        Assert.True(corrupted >= 1000);
    }
}
