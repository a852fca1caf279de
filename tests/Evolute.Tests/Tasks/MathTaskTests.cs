using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class MathTaskTests
{
    [Theory]
    [InlineData("""{"problem":"p","answer":"\\frac{1}{2}"}""", @"So \boxed{0.5}.", 1, 1)]
    [InlineData("""{"problem":"p","answer":"\\frac{1}{2}"}""", "So 0.5", 0, 0)]
    [InlineData("""{"question":"p","answer":7}""", @"\boxed{7}", 1, 1)]
    [InlineData("""{"question":"p","answer":7}""", @"\boxed{8}", 0, 1)]
    [InlineData("""{"problem":"p","solution":"Then \\boxed{x+1}."}""", @"\boxed{1+x}", 1, 1)]
    [InlineData("""{"problem":"p","answer":["1","2"]}""", @"\boxed{2}", 1, 1)]
    [InlineData("""{"problem":"p","answer":"7"}""", @"\boxed{7", 0, 0)]
    [InlineData("""{"problem":"p","answer":"7"}""", @"\boxed{\text{The answer is } 7}", 0, 1)]
    [InlineData("""{"problem":"p","answer":"7"}""", @"\boxed{The answer is $7$}", 1, 1)]
    [InlineData("""{"problem":"p","answer":"The roots are $1, -2$."}""", @"\boxed{-2, 1}", 1, 1)]
    [InlineData("""{"problem":"p","answer":"Route 66 north"}""", @"\boxed{66}", 0, 1)]
    public void An_equivalent_boxed_answer_earns_the_reward(string row, string response, double answer, double format)
    {
        TuningTask task = TaskCatalog.Create("math");
        RewardResult result = task.Score(task.FromRow(JsonElement.Parse(row), "row 1"), response);
        Assert.Equal((answer, answer, format, answer == 1), (result.Score, result.Parts["answer"], result.Parts["format"], result.Correct));
    }

    [Fact]
    public void Options_find_answers_elsewhere_and_pay_for_the_box()
    {
        JsonElement row = JsonElement.Parse("""{"problem":"p","answer":"5"}""");
        TuningTask task = TaskCatalog.Create("math", new JsonObject { ["extraction"] = "flexible", ["format-weight"] = 0.25, ["prompt"] = "Q {problem}" });
        TaskProblem problem = task.FromRow(row, "row 1");
        Assert.Equal(("Q p", 1, 1.25, 0.25), (problem.Prompt, task.Score(problem, "The answer is 5.").Score, task.Score(problem, @"\boxed{5}").Score, task.Score(problem, @"\boxed{6}").Score));
    }

    [Theory]
    [InlineData(@"So \boxed{\frac{1}{2}}.", @"\frac{1}{2}", @"\frac{1}{2}")]
    [InlineData(@"So \boxed{ \frac{1} {2} }.", @"\frac{1}{2}", @"\frac{1}{2}")]
    [InlineData(@"\boxed{0.5}", "0.5", "0.5")]
    [InlineData("The answer is 5.", null, "5")]
    [InlineData(@"\boxed{ }", null, null)]
    [InlineData("", null, null)]
    public void The_boxed_text_is_the_answer_whatever_its_white_space(string response, string? boxed, string? flexible)
    {
        JsonElement row = JsonElement.Parse("""{"problem":"p","answer":"5"}""");
        TuningTask task = TaskCatalog.Create("math"), found = TaskCatalog.Create("math", new JsonObject { ["extraction"] = "flexible" });
        Assert.Equal((boxed, flexible), (task.AnswerOf(task.FromRow(row, "row 1"), response), found.AnswerOf(found.FromRow(row, "row 1"), response)));
    }

    [Theory]
    [InlineData("""{"problem":"p"}""", "row 1 has no column 'answer'.")]
    [InlineData("""{"problem":"p","answer":true}""", "row 1: column 'answer' must be a string, not true or false.")]
    [InlineData("""{"problem":"p","solution":"none"}""", "row 1: column 'solution' has no \\boxed{} with the answer.")]
    [InlineData("""{"answer":"1"}""", "row 1 has no column 'problem'.")]
    [InlineData("""{"problem":"p","answer":" "}""", "row 1: column 'answer' has no answer in it.")]
    public void A_bad_row_is_named(string row, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<EvoluteInputException>(() => TaskCatalog.Create("math").FromRow(JsonElement.Parse(row), "row 1")).Message);
}
