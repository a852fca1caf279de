using System.Globalization;
using System.Numerics;
using System.Text;

namespace Evolute.Tests.Tasks;

/// <summary>
/// A random expression that is text and value at once: the value comes from the tree, so nothing here parses, and nothing of the library is used.
/// </summary>
/// <param name="Operator">A binary operator of Python, <c>u-</c> or <c>u+</c> for a sign, or empty for a number.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right or only operand.</param>
/// <param name="Number">The number.</param>
internal sealed record ExpressionTree(string Operator, ExpressionTree? Left, ExpressionTree? Right, int Number)
{
    private const int Sum = 1, Product = 2, Sign = 3, Power = 4, Primary = 5;
    private static readonly string[] Arithmetic = ["+", "-", "*", "/"], Everything = ["+", "-", "*", "/", "//", "**"];

    /// <summary>A tree over some numbers in their order, by a random split at each level.</summary>
    public static ExpressionTree Random(Random random, ReadOnlySpan<int> numbers, bool arithmeticOnly)
    {
        if (!arithmeticOnly && random.Next(8) == 0)
            return new(random.Next(3) == 0 ? "u+" : "u-", null, Random(random, numbers, arithmeticOnly), 0);
        if (numbers.Length == 1) return new("", null, null, numbers[0]);
        int split = random.Next(1, numbers.Length);
        string[] operators = arithmeticOnly ? Arithmetic : Everything;
        return new(
            operators[random.Next(operators.Length)],
            Random(random, numbers[..split], arithmeticOnly),
            Random(random, numbers[split..], arithmeticOnly), 0);
    }

    /// <summary>As Python reads it back, with parentheses where they are needed and a few where they are not, and spaces anywhere.</summary>
    public string ToText(Random random)
    {
        StringBuilder text = new();
        Write(text, random, Sum);
        return text.ToString();
    }

    /// <summary>The exact value as a reduced fraction, or null where a divisor is zero; for + - * / only.</summary>
    public (BigInteger Above, BigInteger Below)? Exact()
    {
        if (Operator == "") return (Number, 1);
        if (Left!.Exact() is not var (a, b) || Right!.Exact() is not var (c, d)) return null;
        (BigInteger above, BigInteger below) = Operator switch
        {
            "+" => (a * d + c * b, b * d),
            "-" => (a * d - c * b, b * d),
            "*" => (a * c, b * d),
            _ => (a * d, b * c),
        };
        if (below.IsZero) return null;
        BigInteger divisor = BigInteger.GreatestCommonDivisor(above, below) * below.Sign;
        return (above / divisor, below / divisor);
    }

    private int Precedence => Operator switch
    {
        "" => Primary,
        "u-" or "u+" => Sign,
        "**" => Power,
        "+" or "-" => Sum,
        _ => Product,
    };

    private void Write(StringBuilder text, Random random, int least)
    {
        bool enclosed = Precedence < least || random.Next(10) == 0;
        if (enclosed) text.Append('(');
        Space(text, random);
        switch (Precedence)
        {
            case Primary: text.Append(Number.ToString(CultureInfo.InvariantCulture)); break;
            case Sign:
                text.Append(Operator[1]);
                Right!.Write(text, random, Sign);
                break;
            default:
                // A power takes a primary on its left and groups to the right; the others group to the left.
                Left!.Write(text, random, Precedence == Power ? Primary : Precedence);
                Space(text, random);
                text.Append(Operator);
                Right!.Write(text, random, Precedence == Power ? Sign : Precedence + 1);
                break;
        }
        Space(text, random);
        if (enclosed) text.Append(')');
    }

    private static void Space(StringBuilder text, Random random)
    {
        if (random.Next(4) == 0) text.Append(' ', random.Next(1, 3));
    }
}
