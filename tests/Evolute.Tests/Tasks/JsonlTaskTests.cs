using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class JsonlTaskTests
{
    [Theory]
    [InlineData("exact", "\"Rome\"", " Rome\n", true)]
    [InlineData("exact", "\"Rome\"", "rome", false)]
    [InlineData("exact", "7", "7", true)]
    [InlineData("regex", "\"^R[aeiou]me$\"", "Rome", true)]
    [InlineData("regex", "\"^R[aeiou]me$\"", "Rxme", false)]
    [InlineData("regex", "\"(a+)+b\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("json", "{\"a\":[1,2]}", "{ \"a\" : [1, 2] }", true)]
    [InlineData("json", "{\"a\":[1,2]}", "Here:\n```json\n{\"a\":[1,2]}\n```\n", true)]
    [InlineData("json", "\"{\\\"a\\\":1}\"", "{\"a\":1.0}", true)]
    [InlineData("json", "{\"a\":[1,2]}", "{\"a\":[2,1]}", false)]
    [InlineData("json", "{\"a\":1}", "{\"a\":1", false)]
    [InlineData("classification", "\"Spam\"", "spam.", true)]
    [InlineData("classification", "\"Spam\"", "spam or ham", false)]
    public void Responses_match_in_four_ways(string match, string answer, string response, bool matches)
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = match });
        RewardResult result = task.Score(task.FromRow(JsonElement.Parse($$"""{"prompt":"p","answer":{{answer}}}"""), "row 1"), response);
        Assert.Equal((matches ? 1.0 : 0, matches), (result.Score, result.Correct));
    }

    [Theory]
    [InlineData("I think it is spam", true)]
    [InlineData("spam, not ham", false)]
    [InlineData("spammy", false)]
    [InlineData("", false)]
    public void Of_given_labels_the_answer_alone_is_named(string response, bool matches)
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "classification", ["labels"] = "spam|ham" });
        Assert.Equal(matches, task.Score(task.FromRow(JsonElement.Parse("""{"prompt":"p","answer":"spam"}"""), "row 1"), response).Correct);
    }

    [Theory]
    [InlineData("\"Hi\"", "Hi")]
    [InlineData("[{\"role\":\"user\",\"content\":\"Hi\"}]", "Hi")]
    [InlineData("[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hi\"}]", "System: Be kind.\nUser: Hi\nAssistant:")]
    public void Prompts_are_text_or_messages(string prompt, string expected) =>
        Assert.Equal(expected, TaskCatalog.Create("jsonl").FromRow(JsonElement.Parse($$"""{"prompt":{{prompt}},"answer":"x"}"""), "row 1").Prompt);

    [Theory]
    [InlineData("exact", """{"prompt":"p"}""", "row 1 has no column 'answer'.")]
    [InlineData("exact", """{"prompt":"p","answer":[1]}""", "row 1: column 'answer' must be a string or a number.")]
    [InlineData("exact", """{"answer":"x"}""", "row 1 has no column 'prompt'.")]
    [InlineData("exact", """{"prompt":[],"answer":"x"}""", "row 1: column 'prompt' has no message.")]
    [InlineData("exact", """{"prompt":[{"content":"a"},{"content":"b"}],"answer":"x"}""", "row 1, column 'prompt' has no column 'role'.")]
    [InlineData("regex", """{"prompt":"p","answer":"("}""", "row 1: column 'answer' is no regular expression that works without backtracking: ")]
    [InlineData("regex", """{"prompt":"p","answer":"(a)\\1"}""", "row 1: column 'answer' is no regular expression that works without backtracking: ")]
    public void A_bad_row_is_named(string match, string row, string sentence) => Assert.StartsWith(
        sentence, Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("jsonl", new JsonObject { ["match"] = match }).FromRow(JsonElement.Parse(row), "row 1")).Message);

    [Fact]
    public void A_long_pattern_is_refused()
    {
        string row = JsonSerializer.Serialize(new { prompt = "p", answer = new string('a', 1001) });
        Assert.Contains("more than 1000", Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "regex" }).FromRow(JsonElement.Parse(row), "row 1")).Message);
    }
}
