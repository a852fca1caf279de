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
    [InlineData("normalized", "\"The  Sea, it's 3.5\"", " the sea it's 3.5!\n", true)]
    [InlineData("normalized", "\"3.5\"", "35", false)]
    [InlineData("normalized", "\"-5\"", "5", false)]
    [InlineData("contains", "\"Rome\"", "It is Rome.", true)]
    [InlineData("contains", "\"Rome\"", "It is rome.", false)]
    [InlineData("number", "\"1,234\"", "So it is $1234.00.", true)]
    [InlineData("number", "0.5", "one half", false)]
    [InlineData("number", "0.5", "1 or 0.51", false)]
    [InlineData("math", "\"\\\\frac{1}{2}\"", "Hence \\boxed{0.5}", true)]
    [InlineData("math", "\"x+1\"", "The answer is $1+x$.", true)]
    [InlineData("math", "\"x+1\"", "The answer is $1-x$.", false)]
    [InlineData("label", "\"Spam\"", "spam.", true)]
    [InlineData("label", "\"Spam\"", "spam or ham", false)]
    public void Responses_match_in_the_way_that_is_chosen(string match, string answer, string response, bool matches)
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = match });
        RewardResult result = task.Score(task.FromRow(JsonElement.Parse($$"""{"prompt":"p","answer":{{answer}}}"""), "row 1"), response);
        Assert.Equal((matches ? 1.0 : 0, matches), (result.Score, result.Correct));
    }

    [Fact]
    public void Options_belong_to_their_match()
    {
        TuningTask near = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "number", ["tolerance"] = 0.1 });
        TaskProblem problem = near.FromRow(JsonElement.Parse("""{"prompt":"p","answer":0.5}"""), "row 1");
        Assert.Equal((true, false), (near.Score(problem, "0.59").Correct, near.Score(problem, "0.61").Correct));
        Assert.Equal(
            "The task jsonl's option 'tolerance' does nothing with match exact; leave it out, or choose match number.",
            Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("jsonl", new JsonObject { ["tolerance"] = 1 })).Message);
    }

    [Theory]
    [InlineData("It is not spam.", "not spam", true)]
    [InlineData("not spam, not spam", "not spam", true)]
    [InlineData("not spam but spam", "not spam", false)]
    [InlineData("spam", "not spam", false)]
    public void A_label_within_another_is_not_named_by_it(string response, string answer, bool matches)
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "label", ["labels"] = "spam|not spam" });
        Assert.Equal(matches, task.Score(task.FromRow(JsonElement.Parse($$"""{"prompt":"p","answer":"{{answer}}"}"""), "row 1"), response).Correct);
    }

    [Theory]
    [InlineData("I think it is spam", true)]
    [InlineData("spam, not ham", false)]
    [InlineData("spammy", false)]
    [InlineData("", false)]
    public void Of_given_labels_the_answer_alone_is_named(string response, bool matches)
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "label", ["labels"] = "spam|ham" });
        Assert.Equal(matches, task.Score(task.FromRow(JsonElement.Parse("""{"prompt":"p","answer":"spam"}"""), "row 1"), response).Correct);
    }

    [Theory]
    [InlineData("\"Hi\"", "Hi")]
    [InlineData("[{\"role\":\"user\",\"content\":\"Hi\"}]", "Hi")]
    [InlineData("[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hi\"}]", "System: Be kind.\nUser: Hi\nAssistant:")]
    public void Prompts_are_text_or_messages(string prompt, string expected) =>
        Assert.Equal(expected, TaskCatalog.Create("jsonl").FromRow(JsonElement.Parse($$"""{"prompt":{{prompt}},"answer":"x"}"""), "row 1").Prompt);

    [Fact]
    public void Messages_stay_turns_unless_they_are_asked_for_as_text()
    {
        JsonElement row = JsonElement.Parse("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi","name":"Ann"}],"answer":"x"}""");
        IReadOnlyList<JsonElement> messages = TaskCatalog.Create("jsonl").FromRow(row, "row 1").Messages!;
        Assert.Equal(["system", "user"], messages.Select(m => m.GetProperty("role").GetString()));
        Assert.Equal("Ann", messages[1].GetProperty("name").GetString());
        TaskProblem text = TaskCatalog.Create("jsonl", new JsonObject { ["messages"] = "text" }).FromRow(row, "row 1");
        Assert.Equal((null, "System: Be kind.\nUser: Hi\nAssistant:"), (text.Messages, text.Prompt));
    }

    [Fact]
    public void A_template_makes_the_prompt_of_columns()
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["prompt"] = "{{{subject}}} {n} {ok} {choices}?" });
        Assert.Equal("{Sea} 1.50 true [\"a\",\"ü\"]?", task.FromRow(JsonElement.Parse("""{"subject":"Sea","n":1.50,"ok":true,"choices":[ "a", "ü" ],"answer":"x"}"""), "row 1").Prompt);
        Assert.Equal("row 1 has no column 'subject'.", Assert.Throws<EvoluteInputException>(() => task.FromRow(JsonElement.Parse("""{"answer":"x"}"""), "row 1")).Message);
        Assert.Equal("row 1: column 'subject' is null and stands in the prompt.", Assert.Throws<EvoluteInputException>(() => task.FromRow(JsonElement.Parse("""{"subject":null,"answer":"x"}"""), "row 1")).Message);
        Assert.Equal(
            "row 1: column 'subject' holds messages, which are a prompt of their own; leave the prompt's template out, or name other columns in it.",
            Assert.Throws<EvoluteInputException>(() => task.FromRow(JsonElement.Parse("""{"subject":[{"role":"user","content":"a"}],"answer":"x"}"""), "row 1")).Message);
        Assert.Equal("", task.FromRow(JsonElement.Parse("""{"response":"x","answer":"x"}"""), "row 1").Prompt);
    }

    [Fact]
    public void Without_a_match_no_answer_is_needed()
    {
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["match"] = "none" });
        Assert.Equal((0.0, false), (task.Score(task.FromRow(JsonElement.Parse("""{"prompt":"p"}"""), "row 1"), "x").Score, false));
    }

    [Theory]
    [InlineData("exact", """{"prompt":"p"}""", "row 1 has no column 'answer'.")]
    [InlineData("exact", """{"prompt":"p","answer":[1]}""", "row 1: column 'answer' must be a string or a number.")]
    [InlineData("exact", """{"answer":"x"}""", "row 1 has no column 'prompt'.")]
    [InlineData("exact", """{"prompt":[],"answer":"x"}""", "row 1: column 'prompt' has no message.")]
    [InlineData("exact", """{"prompt":[{"content":"a"},{"content":"b"}],"answer":"x"}""", "row 1, column 'prompt', message 1 has no column 'role'.")]
    [InlineData("exact", """{"prompt":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"answer":"x"}""", "row 1: column 'prompt' ends with a message of the assistant, whose turn the model is to take; leave that one out.")]
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
