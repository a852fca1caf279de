using System.Text.Json;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

/// <summary>
/// Answers that are made to cost time. The work is measured by what it allocates, which does not vary with the machine: a large
/// number has to be somewhere, and a copy of the text too.
/// </summary>
public class CountdownHostileTests
{
    private const int Megabyte = 1 << 20;
    private const long MostBytes = 256 << 10;

    private static readonly TuningTask Countdown = TaskCatalog.Create("countdown");

    [Theory]
    [InlineData("[44,19,35]", "44**19**35")]
    [InlineData("[9,9,9,9]", "9**9**9**9")]
    [InlineData("[99,99,99]", "99**(99*99)")]
    [InlineData("[99,99,99,99]", "99**(99*99)*99")]
    [InlineData("[99,99,99,99,99,99]", "99**(99*99)//99**(99*99)")]
    [InlineData("[99,99,99,99,99,99]", "(99**9999-99)/99/99/99/99")]
    [InlineData("[99,99,99,99,99,99]", "1/99**(99*99)-99/99/99")]
    [InlineData("[2,9,9,9,9]", "2**(9**9)*9*9")]
    [InlineData("[10,308,10]", "10.**308*10")]
    [InlineData("[1,65536,1]", "(1+1)**65536")]
    [InlineData("[2,65535,2]", "2**65535+2")]
    [InlineData("[2,1000000000]", "-2**-1000000000")]
    [InlineData("[0,0,999999999]", "0**0**999999999")]
    public void Towers_of_powers_stop_at_the_caps(string numbers, string expression)
    {
        TaskProblem problem = Problem(numbers);
        string response = $"</think>\n<answer>{expression}</answer>";
        Score(problem, response);
        Assert.InRange(Score(problem, response).Allocated, 0, MostBytes);
    }

    [Theory]
    [InlineData("(", "1")]
    [InlineData("-", "1")]
    [InlineData("+-", "1")]
    [InlineData("(-", "1")]
    [InlineData(" ", "1")]
    [InlineData("", "1")]
    [InlineData("1", "")]
    [InlineData("0", "1")]
    [InlineData("1+", "1")]
    [InlineData("1**", "1")]
    [InlineData("2**", "2")]
    [InlineData("1*", "1")]
    [InlineData("(1)", "")]
    [InlineData("9**9**9*", "9")]
    [InlineData("x", "")]
    public void A_megabyte_in_an_answer_is_handled_in_its_own_size(string repeated, string end)
    {
        string inside = Repeat(repeated) + end;
        foreach (string numbers in (string[])["[1]", "[1,1,1]", "[]", "[9,9]"])
        {
            TaskProblem problem = Problem(numbers);
            (RewardResult result, long allocated) = Score(problem, $"</think>\n<answer>{inside}</answer>");
            Assert.InRange(allocated, 0, 8L * Megabyte);
            bool isPlainOne = numbers == "[1]" && inside.Trim() == "1";
            Assert.Equal(isPlainOne, result.Correct);
        }
    }

    [Theory]
    [InlineData("<answer>")]
    [InlineData("</answer>")]
    [InlineData("<answer></answer>")]
    [InlineData("<answer>1</answer>")]
    [InlineData("</think>\n<answer>")]
    [InlineData("<think>")]
    [InlineData("<think></think>")]
    [InlineData("<")]
    [InlineData("<answer")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("\u0000")]
    [InlineData("\uD83D\uDE00")]
    [InlineData("\uD83D")]
    public void A_megabyte_of_tags_is_handled_in_its_own_size(string repeated)
    {
        TaskProblem problem = Problem("[1]");
        foreach (string response in (string[])[Repeat(repeated), Repeat(repeated) + "</answer>", "<answer>" + Repeat(repeated), "</think>\n<answer>1+" + Repeat(repeated)])
            Assert.InRange(Score(problem, response).Allocated, 0, 8L * Megabyte);
    }

    private static (RewardResult Result, long Allocated) Score(TaskProblem problem, string response)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RewardResult result = Countdown.Score(problem, response);
        return (result, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Repeat(string text) => text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, Megabyte / text.Length));

    private static TaskProblem Problem(string numbers) =>
        new() { Id = "test", Prompt = "", Columns = JsonElement.Parse($$"""{"numbers":{{numbers}},"target":1}""") };
}
