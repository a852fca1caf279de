using System.Text.Json;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class CountdownSharedRowsTests
{
    [Fact]
    public void Every_reference_row_gets_the_reference_reward()
    {
        string path = SharedFixtures.Path("data", "countdown-reward", "shared.jsonl");
        TuningTask task = TaskCatalog.Create("countdown");
        int rows = 0;
        foreach (string line in File.ReadLines(path))
        {
            rows++;
            JsonElement row = JsonElement.Parse(line);
            TaskProblem problem = task.FromRow(row, $"{path}, row {rows}");
            RewardResult result = task.Score(problem, TaskRow.Text(row, "response", problem.Id));

            string category = row.GetProperty("category").GetString()!;
            bool raises = row.GetProperty("expected_error").ValueKind == JsonValueKind.String;
            double answer = raises ? 0 : row.GetProperty("expected_answer").GetDouble();
            double reward = raises ? 0 : row.GetProperty("expected_reward").GetDouble();
            double format = row.GetProperty("expected_format").GetDouble();
            Assert.True(
                (result.Score, result.Parts["format"], result.Parts["answer"], result.Correct) == (reward, format, answer, answer == 1),
                $"row {rows}, {category}: {result.Score} = {string.Join(", ", result.Parts)}");
        }
        Assert.True(rows >= 150, $"only {rows} rows in {path}");
    }
}
