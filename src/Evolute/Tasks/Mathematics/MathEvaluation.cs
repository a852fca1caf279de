using System.Numerics;
using System.Text;
using Evolute.Noise;

namespace Evolute.Tasks.Mathematics;

/// <summary>Values of a tree: exact where it is a rational constant, else complex at probe points. A budget of steps bounds the work.</summary>
internal sealed class MathEvaluation
{
    private const int MaxFactorial = 500, MaxSteps = 200_000, BitsOfStep = 16;
    private const uint Domain = 0x4d415448, Version = 1;

    private static readonly Complex Undefined = new(double.NaN, double.NaN);

    private int _steps;

    /// <summary>Counts a step; false once there were too many.</summary>
    public bool Step() => ++_steps <= MaxSteps;

    /// <summary>Whether the budget is used up.</summary>
    public bool Exhausted => _steps > MaxSteps;

    /// <summary>The exact value of a rational constant, or null.</summary>
    public Rational? Exact(MathNode node)
    {
        if (!Step() || ExactOf(node) is not { } value) return null;
        // Long numbers cost more than short ones.
        _steps += (int)((value.Numerator.GetBitLength() + value.Denominator.GetBitLength()) / BitsOfStep);
        return value;
    }

    private Rational? ExactOf(MathNode node)
    {
        switch (node.Kind)
        {
            case MathKind.Number: return node.Value;
            case MathKind.Sum: return Fold(node.Parts, Rational.Of(0), Rational.Add);
            case MathKind.Product: return Fold(node.Parts, Rational.Of(1), Rational.Multiply);
            case MathKind.Quotient: return Exact(node.Parts[0]) is { } top && Exact(node.Parts[1]) is { } bottom ? Rational.Divide(top, bottom) : null;
            case MathKind.Power: return Exact(node.Parts[0]) is { } b && Exact(node.Parts[1]) is { } exponent ? Rational.Power(b, exponent) : null;
            case MathKind.Percent: return Exact(node.Parts[0]) is { } share ? Rational.Divide(share, Rational.Of(100)) : null;
            case MathKind.Function: return ExactFunction(node);
            default: return null;
        }
    }

    private Rational? Fold(MathNode[] parts, Rational start, Func<Rational, Rational, Rational?> join)
    {
        Rational? result = start;
        foreach (MathNode part in parts)
        {
            if (result is not { } so || Exact(part) is not { } value) return null;
            result = join(so, value);
        }
        return result;
    }

    private Rational? ExactFunction(MathNode node) => node switch
    {
        { Name: "!", Parts: [var n] } => Exact(n) is { IsInteger: true } value && value.Numerator >= 0 && value.Numerator <= MaxFactorial ? Product(1, (int)value.Numerator) : null,
        { Name: "abs", Parts: [var x] } => Exact(x) is { } value ? Rational.Of(BigInteger.Abs(value.Numerator), value.Denominator) : null,
        { Name: "binom", Parts: [var n, var k] } => Exact(n) is { IsInteger: true } upper && Exact(k) is { IsInteger: true } lower ? Choose(upper.Numerator, lower.Numerator) : null,
        { Name: "max" or "min" or "gcd" or "lcm", Parts: { Length: > 0 } parts } => parts.Select(Exact).Aggregate((a, b) => Select(node.Name, a, b)),
        _ => null,
    };

    private static Rational? Select(string name, Rational? first, Rational? second)
    {
        if (first is not { } a || second is not { } b) return null;
        bool less = a.Numerator * b.Denominator < b.Numerator * a.Denominator;
        if (name is "max" or "min") return less == (name == "min") ? a : b;
        if (!a.IsInteger || !b.IsInteger) return null;
        BigInteger divisor = BigInteger.GreatestCommonDivisor(a.Numerator, b.Numerator);
        return name == "gcd" ? Rational.Of(divisor, 1) : divisor.IsZero ? a : Rational.Of(BigInteger.Abs(a.Numerator * b.Numerator) / divisor, 1);
    }

    private static Rational? Product(int from, int to)
    {
        BigInteger product = 1;
        for (int i = from; i <= to; i++) product *= i;
        return Rational.Of(product, 1);
    }

    private static Rational? Choose(BigInteger n, BigInteger k)
    {
        if (n < 0 || k < 0 || n > MaxFactorial) return null;
        if (k > n) return Rational.Of(0);
        return Product((int)(n - k) + 1, (int)n) is { } top && Product(1, (int)k) is { } bottom ? Rational.Divide(top, bottom) : null;
    }

    /// <summary>The value at a probe point, of which each symbol has its own coordinate; not a number where there is none.</summary>
    public Complex At(MathNode node, int point)
    {
        if (!Step()) return Undefined;
        Complex Part(int i) => At(node.Parts[i], point);
        switch (node.Kind)
        {
            case MathKind.Number: return node.Value.ToDouble();
            case MathKind.Symbol: return Symbol(node.Name, point);
            case MathKind.Sum: return node.Parts.Aggregate(Complex.Zero, (sum, p) => sum + At(p, point));
            case MathKind.Product: return node.Parts.Aggregate(Complex.One, (product, p) => product * At(p, point));
            case MathKind.Quotient: return Divide(Part(0), Part(1));
            case MathKind.Power: return Power(Part(0), Part(1));
            case MathKind.Percent: return Part(0) / 100;
            case MathKind.Function: return Function(node.Name, [.. node.Parts.Select(p => At(p, point))]);
            case MathKind.PlusMinus or MathKind.Union: return Undefined;
            default: return Opaque(node.Kind + node.Name, [.. node.Parts.Select(p => At(p, point))]);
        }
    }

    private static Complex Divide(Complex a, Complex b) => b == Complex.Zero ? Undefined : a / b;

    private static Complex Power(Complex b, Complex exponent)
    {
        if (b == Complex.Zero) return exponent.Real > 0 ? 0 : exponent == 0 ? 1 : Undefined;
        // Repeated products for small whole exponents keep real values real.
        if (exponent.Imaginary == 0 && double.IsInteger(exponent.Real) && Math.Abs(exponent.Real) <= 64)
        {
            Complex result = 1;
            for (int i = 0; i < Math.Abs(exponent.Real); i++) result *= b;
            return exponent.Real < 0 ? Divide(1, result) : result;
        }
        return b.Imaginary == 0 && exponent.Imaginary == 0 && b.Real > 0 ? Math.Pow(b.Real, exponent.Real) : Complex.Pow(b, exponent);
    }

    private static Complex Symbol(string name, int point) => name switch
    {
        "pi" => Math.PI,
        "e" => Math.E,
        "i" => Complex.ImaginaryOne,
        "infty" => Undefined,
        _ => Coordinate(name, point),
    };

    // Two points in three are positive, between 0.3 and 2.3.
    private static double Coordinate(string name, int point)
    {
        double value = 0.3 + 2 * Unit(name, point, 0);
        return point % 3 == 2 ? -value : value;
    }

    private static double Unit(string name, int point, int part)
    {
        ulong hash = TensorId.Fnv1a64(Encoding.UTF8.GetBytes(name));
        return Philox.Block((uint)point, (uint)part, Domain, Version, (uint)hash, (uint)(hash >> 32)).W0 / (double)(1L << 32);
    }

    private static Complex Function(string name, Complex[] x) => (name, x) switch
    {
        ("sin", [var a]) => Complex.Sin(a),
        ("cos", [var a]) => Complex.Cos(a),
        ("tan", [var a]) => Complex.Tan(a),
        ("sec", [var a]) => Divide(1, Complex.Cos(a)),
        ("csc", [var a]) => Divide(1, Complex.Sin(a)),
        ("cot", [var a]) => Divide(Complex.Cos(a), Complex.Sin(a)),
        ("arcsin", [var a]) => Complex.Asin(a),
        ("arccos", [var a]) => Complex.Acos(a),
        ("arctan", [var a]) => Complex.Atan(a),
        ("sinh", [var a]) => Complex.Sinh(a),
        ("cosh", [var a]) => Complex.Cosh(a),
        ("tanh", [var a]) => Complex.Tanh(a),
        ("exp", [var a]) => Complex.Exp(a),
        ("ln", [var a]) => a == 0 ? Undefined : Complex.Log(a),
        ("lg", [var a]) => a == 0 ? Undefined : Complex.Log(a) / Math.Log(10),
        ("abs", [var a]) => Complex.Abs(a),
        _ => Opaque(name, x),
    };

    // A function that nothing is known of: smooth, so that rounding does not matter, and its arguments cannot be told by it.
    private static Complex Opaque(string name, Complex[] x)
    {
        Complex sum = Unit(name, x.Length, 0);
        for (int i = 0; i < x.Length; i++) sum += (0.5 + Unit(name, x.Length, i + 1)) * x[i];
        return Complex.Sin(sum) + 2;
    }
}
