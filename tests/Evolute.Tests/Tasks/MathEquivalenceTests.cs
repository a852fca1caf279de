using System.Diagnostics;
using System.Text.Json;
using Evolute.Tasks.Mathematics;

namespace Evolute.Tests.Tasks;

public class MathEquivalenceTests(ITestOutputHelper output)
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void Equal_answers_are_equal_both_ways_round()
    {
        Assert.True(MathPairs.Equal.Length >= 100);
        Assert.All(MathPairs.Equal, p => Assert.True(MathEquivalence.Holds(p.Gold, p.Answer) && MathEquivalence.Holds(p.Answer, p.Gold)));
    }

    [Fact]
    public void Unequal_answers_are_unequal_both_ways_round()
    {
        Assert.True(MathPairs.Unequal.Length >= 100);
        Assert.All(MathPairs.Unequal, p => Assert.False(MathEquivalence.Holds(p.Gold, p.Answer) || MathEquivalence.Holds(p.Answer, p.Gold)));
    }

    [Fact]
    public void Public_graders_vectors_agree()
    {
        (int rows, int agree) = (0, 0);
        foreach (string line in File.ReadLines(SharedFixtures.Path("data", "math-equivalence", "shared.jsonl")))
        {
            JsonElement row = JsonElement.Parse(line);
            if (row.GetProperty("ambiguous").ValueKind == JsonValueKind.True || row.GetProperty("suspect").ValueKind == JsonValueKind.True) continue;
            string gold = MathExtraction.Final(row.GetProperty("gold").GetString()!), answer = MathExtraction.Final(row.GetProperty("pred").GetString()!);
            rows++;
            if (MathEquivalence.Holds(gold, answer) == row.GetProperty("equal").GetBoolean()) agree++;
            else output.WriteLine($"{row.GetProperty("id")}: {gold} | {answer}");
        }
        Assert.True(rows > 250 && agree >= 0.92 * rows, $"{agree} of {rows}");
    }

    [Theory]
    [InlineData("math500")]
    [InlineData("olympiadbench")]
    public void Published_answers_can_be_read(string name)
    {
        (int rows, int read) = (0, 0);
        foreach (string line in File.ReadLines(SharedFixtures.Path("data", name, "test.jsonl")))
        {
            JsonElement row = JsonElement.Parse(line), answer = row.GetProperty("answer");
            string gold = answer.ValueKind == JsonValueKind.Array ? answer[0].GetString()! : answer.GetString()!;
            rows++;
            if (MathParser.Parse(gold) is not null) read++;
            Assert.True(MathEquivalence.Holds(gold, gold), gold);
            if (row.TryGetProperty("solution", out JsonElement solution)) Assert.True(MathEquivalence.Holds(gold, MathExtraction.Boxed(solution.GetString()!)!), gold);
        }
        Assert.True(rows >= 500 && read >= 0.99 * rows, $"{read} of {rows}");
    }

    [Theory]
    [InlineData(@"so \boxed{7}.", "7")]
    [InlineData(@"\boxed{1} is wrong; \boxed{\frac{1}{2}}", @"\frac{1}{2}")]
    [InlineData(@"\boxed{\text{a}_{b_{c}}}", @"\text{a}_{b_{c}}")]
    [InlineData(@"\boxed {x}", "x")]
    [InlineData(@"\fbox{9}", "9")]
    [InlineData(@"$\boxed 5$", "5")]
    [InlineData(@"\boxed{\boxed{3}}", @"\boxed{3}")]
    [InlineData(@"\boxed{\{1,2\}}", @"\{1,2\}")]
    [InlineData(@"\boxed{4} and then \boxed{5", "4")]
    [InlineData(@"\boxed{1} and \boxed{2}", "1 , 2")]
    [InlineData(@"\boxed{8", null)]
    [InlineData("no box", null)]
    [InlineData(@"\boxedx", null)]
    [InlineData("", null)]
    public void The_last_whole_box_is_the_answer(string text, string? expected) => Assert.Equal(expected, MathExtraction.Boxed(text));

    [Theory]
    [InlineData("The final answer is $7$. I hope it is correct.", "$7$")]
    [InlineData("We get 3. The answer is 4", " 4")]
    [InlineData(@"Hence \(x = 5\) and we are done.", "x = 5")]
    [InlineData("She has 12 apples left", "12")]
    [InlineData("It grew by 25%.", "25%")]
    [InlineData("Seven.", "Seven.")]
    public void Without_a_box_the_last_word_counts(string text, string expected) => Assert.Equal(expected.Trim(), MathExtraction.Final(text).Trim());

    public static TheoryData<string> Hostile =>
    [
        @"\boxed{", @"\boxed{\boxed{", "{", "}", "{}", @"\frac", @"\frac{", @"\frac{1}{", "(", "[", @"\{", "^", "x^", "9^", "9^{9^", "!", "-", @"\sqrt", @"\sqrt[", "$", @"\(", @"\[", @"\text{", @"\begin{pmatrix}",
        @"\\", @"\", "1,", "1", "9!", "x", "_", "|", @"\pm", @"\boxed ", @"\boxed", @"\fbox{", "box", "and ", "answer:", "final answer is ", @"\sin", @"\left(", "word ", "%", "=", "<", @"\cup", "&", "<answer>", "</answer>", "\uD83D", "\0",
    ];

    [Theory, MemberData(nameof(Hostile))]
    public void Hostile_text_is_read_in_its_own_size(string unit)
    {
        foreach (string text in Texts(unit, 1 << 16))
            foreach (string gold in (string[])["7", "x^2+1", text])
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                MathEquivalence.Holds(gold, MathExtraction.Boxed(text) ?? "");
                MathEquivalence.Holds(gold, MathExtraction.Final(text));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
            }
    }

    /// <summary>Prints the longest time that a megabyte takes; a second is the most.</summary>
    [Fact(Explicit = true)]
    public void A_megabyte_of_hostile_text_takes_less_than_a_second()
    {
        (TimeSpan longest, string which) = (TimeSpan.Zero, "");
        foreach (string unit in Hostile.Select(row => row.Data))
            foreach (string text in Texts(unit, Megabyte))
            {
                long start = Stopwatch.GetTimestamp();
                MathEquivalence.Holds("x^2+1", MathExtraction.Boxed(text) ?? "");
                MathEquivalence.Holds("x^2+1", MathExtraction.Final(text));
                TimeSpan took = Stopwatch.GetElapsedTime(start);
                if (took > longest) (longest, which) = (took, unit);
            }
        output.WriteLine($"{longest.TotalMilliseconds:F0} ms for {which}");
        Assert.True(longest < TimeSpan.FromSeconds(1), $"{longest} for {which}");
    }

    private static IEnumerable<string> Texts(string unit, int length)
    {
        string body = string.Concat(Enumerable.Repeat(unit, length / unit.Length)), part = string.Concat(Enumerable.Repeat(unit, 3000 / unit.Length));
        return [body, $@"\boxed{{{body}}}", $@"\boxed{{{body}", body + new string('}', length / 10), $@"\boxed{{{part}}}", $@"\boxed{{{part}1{new string('}', 400)}}}", body + @"\boxed{1}"];
    }
}
