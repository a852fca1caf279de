using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Evolute.Tasks;
using Evolute.Tasks.Countdown;

namespace Evolute.Tests.Tasks;

/// <summary>
/// Generated expressions against evaluators that share nothing with the library's. The million runs by name:
/// <c>dotnet test -c Release -- --explicit only --filter-class "*CountdownExpressionTests"</c>.
/// </summary>
public class CountdownExpressionTests
{
    private static readonly TuningTask Countdown = TaskCatalog.Create("countdown");

    [Fact]
    public void Answers_are_judged_as_exact_fractions_judge_them() => JudgeAnswers(20_000);

    [Fact]
    public void Values_have_the_bits_of_pythons() => CompareValues(20_000);

    /// <summary>Run by name: <c>dotnet test -c Release -- --explicit only --filter-class "*CountdownExpressionTests"</c>.</summary>
    [Fact(Explicit = true)]
    public void A_million_expressions_agree()
    {
        JudgeAnswers(1_000_000);
        CompareValues(1_000_000);
    }

    [Theory]
    [InlineData("-2**2", -4)]
    [InlineData("2**-1", 0.5)]
    [InlineData("2**3**2", 512)]
    [InlineData("7//2*2", 6)]
    [InlineData("-7//2", -4)]
    [InlineData("1-2-3", -4)]
    [InlineData("16/4/2", 2)]
    [InlineData("2- -3", 5)]
    [InlineData("2--+-3", -1)]
    [InlineData("000+1", 1)]
    public void Operators_bind_as_in_python(string text, double value) => Assert.Equal(value, ExpressionParser.Evaluate(text)?.ToDouble());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1+")]
    [InlineData("*1")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("()")]
    [InlineData("1 2")]
    [InlineData("1(2)")]
    [InlineData("(1)(2)")]
    [InlineData("1 * * 2")]
    [InlineData("1 / / 2")]
    [InlineData("1***2")]
    [InlineData("1///2")]
    [InlineData("01+1")]
    [InlineData("1/0")]
    [InlineData("1//0")]
    [InlineData("0**-1")]
    [InlineData("1/(2-2)")]
    public void What_is_an_error_in_python_has_no_value(string text) => Assert.Null(ExpressionParser.Evaluate(text)?.ToDouble());

    private static void JudgeAnswers(int count)
    {
        Random random = new(11);
        int correct = 0, undefined = 0;
        for (int i = 0; i < count; i++)
        {
            int[] numbers = Numbers(random, most: 99);
            ExpressionTree tree = ExpressionTree.Random(random, numbers, arithmeticOnly: true);
            (BigInteger Above, BigInteger Below)? exact = tree.Exact();
            // Every other target is the whole number next to the value, so that right answers are common.
            int target = i % 2 == 0 && exact is { } v && BigInteger.Abs(v.Above / v.Below) < 1_000_000 ? (int)(v.Above / v.Below) : random.Next(10, 101);
            bool expected = exact is { } value && BigInteger.Abs(value.Above - target * value.Below) * 100_000 < value.Below;
            string text = tree.ToText(random);
            random.Shuffle(numbers);
            RewardResult result = Countdown.Score(Problem(numbers, target), $"so</think>\n<answer>{text}</answer>");
            Assert.True(expected == result.Correct, $"{text} = {exact}, target {target}, judged {result.Correct}");
            correct += expected ? 1 : 0;
            undefined += exact is null ? 1 : 0;
        }
        Assert.InRange(correct, count / 8, count / 2);
        Assert.InRange(undefined, count / 2000, count / 10);
    }

    private static void CompareValues(int count)
    {
        Random random = new(12);
        int compared = 0, errors = 0;
        for (int i = 0; i < count; i++)
        {
            ExpressionTree tree = ExpressionTree.Random(random, Numbers(random, most: 12), arithmeticOnly: false);
            PythonReference.Value reference = PythonReference.Of(tree);
            if (reference.OutOfReach) continue;
            string text = tree.ToText(random);
            double? expected = reference.ToDouble(), actual = ExpressionParser.Evaluate(text)?.ToDouble();
            Assert.True(Bits(expected) == Bits(actual), string.Create(CultureInfo.InvariantCulture, $"{text} = {expected:R}, not {actual:R}"));
            compared++;
            errors += expected is null ? 1 : 0;
        }
        Assert.InRange(compared, count / 2, count);
        Assert.InRange(errors, count / 1000, count / 2);
    }

    private static long? Bits(double? value) => value is { } number ? BitConverter.DoubleToInt64Bits(number) : null;

    private static int[] Numbers(Random random, int most) => [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => random.Next(0, most + 1))];

    private static TaskProblem Problem(int[] numbers, int target) => new()
    {
        Id = "test",
        Prompt = "",
        Columns = JsonElement.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"numbers":[{{string.Join(',', numbers)}}],"target":{{target}}}""")),
    };
}
