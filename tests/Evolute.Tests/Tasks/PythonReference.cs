using System.Numerics;

namespace Evolute.Tests.Tasks;

/// <summary>
/// Python's value of an <see cref="ExpressionTree"/>, by plain means: whole numbers up to 2^53 are exact in both types, so the hardware's
/// operations are Python's. What would need more is marked as out of reach.
/// </summary>
internal static class PythonReference
{
    private static readonly BigInteger Reach = 1L << 53;

    /// <summary>A value; null in both parts where Python raises an error; <c>OutOfReach</c> where this reference cannot tell.</summary>
    public readonly record struct Value(BigInteger? Whole, double? Real, bool OutOfReach = false)
    {
        public static readonly Value Error = new(null, null), Unknown = new(null, null, OutOfReach: true);

        public double? ToDouble() => Whole is { } whole ? (double)(long)whole : Real;
    }

    public static Value Of(ExpressionTree tree)
    {
        if (tree.Operator == "") return new(tree.Number, null);
        Value right = Of(tree.Right!);
        if (tree.Left is null)
            return tree.Operator == "u+" || right.ToDouble() is null ? right
                : right.Whole is { } whole ? new(-whole, null) : new(null, -right.Real);
        Value left = Of(tree.Left);
        if (left.OutOfReach || right.OutOfReach) return Value.Unknown;
        if (left.ToDouble() is not { } x || right.ToDouble() is not { } y) return Value.Error;
        return left.Whole is { } a && right.Whole is { } b ? Whole(tree.Operator, a, b) : Real(tree.Operator, x, y);
    }

    private static Value Whole(string op, BigInteger a, BigInteger b)
    {
        switch (op)
        {
            case "+": return Within(a + b);
            case "-": return Within(a - b);
            case "*": return Within(a * b);
            case "/": return b.IsZero ? Value.Error : new(null, (double)(long)a / (long)b);
            case "//":
                if (b.IsZero) return Value.Error;
                BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
                return new(!rest.IsZero && rest.Sign * b.Sign < 0 ? quotient - 1 : quotient, null);
            default:
                if (b.Sign < 0) return a.IsZero ? Value.Error : new(null, Math.Pow((double)(long)a, (double)(long)b));
                if (b.IsZero || a.IsOne) return new(1, null);
                return b > 53 ? Value.Unknown : Within(BigInteger.Pow(a, (int)b));
        }
    }

    private static Value Real(string op, double x, double y) => op switch
    {
        "+" => new(null, x + y),
        "-" => new(null, x - y),
        "*" => new(null, x * y),
        "/" => y == 0 ? Value.Error : new(null, x / y),
        _ => Value.Unknown,
    };

    private static Value Within(BigInteger value) => BigInteger.Abs(value) <= Reach ? new(value, null) : Value.Unknown;
}
