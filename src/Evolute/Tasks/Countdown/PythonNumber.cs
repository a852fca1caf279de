using System.Numerics;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// An <c>int</c> or a <c>float</c> with Python's arithmetic. An operation has no value where Python raises an error or goes to
/// complex numbers, and where an integer would grow beyond the cap.
/// </summary>
internal readonly struct PythonNumber
{
    /// <summary>
    /// Bits that an integer may have: room for 99 ** (99 * 99), and well under a millisecond an operation.
    /// </summary>
    private const long MaxBits = 65_536;

    private readonly BigInteger integer;
    private readonly double number;
    private readonly bool isFloat;

    private PythonNumber(BigInteger value) => integer = value;

    private PythonNumber(double value) => (number, isFloat) = (value, true);

    public static implicit operator PythonNumber(BigInteger value) => new(value);

    public static implicit operator PythonNumber(double value) => new(value);

    /// <summary>Python's <c>float(x)</c>.</summary>
    public double? ToDouble() => isFloat ? number : PythonFloat.Divide(integer, BigInteger.One);

    public PythonNumber Negated() => isFloat ? -number : -integer;

    public static PythonNumber? Add(PythonNumber a, PythonNumber b) =>
        Integers(a, b) ? a.integer + b.integer : a.ToDouble() + b.ToDouble();

    public static PythonNumber? Subtract(PythonNumber a, PythonNumber b) =>
        Integers(a, b) ? a.integer - b.integer : a.ToDouble() - b.ToDouble();

    public static PythonNumber? Multiply(PythonNumber a, PythonNumber b)
    {
        if (!Integers(a, b)) return a.ToDouble() * b.ToDouble();
        return a.integer.GetBitLength() + b.integer.GetBitLength() > MaxBits ? null : a.integer * b.integer;
    }

    /// <summary>Python's <c>/</c>: two integers give the float nearest to their exact quotient.</summary>
    public static PythonNumber? Divide(PythonNumber a, PythonNumber b)
    {
        if (Integers(a, b)) return PythonFloat.Divide(a.integer, b.integer);
        return b.ToDouble() is { } divisor and not 0 ? a.ToDouble() / divisor : null;
    }

    /// <summary>Python's <c>//</c>: rounds toward negative infinity.</summary>
    public static PythonNumber? FloorDivide(PythonNumber a, PythonNumber b)
    {
        if (!Integers(a, b))
            return a.ToDouble() is { } dividend && b.ToDouble() is { } divisor and not 0 ? PythonFloat.FloorDivide(dividend, divisor) : null;
        if (b.integer.IsZero) return null;
        BigInteger quotient = BigInteger.DivRem(a.integer, b.integer, out BigInteger remainder);
        return !remainder.IsZero && (remainder.Sign < 0) != (b.integer.Sign < 0) ? quotient - 1 : quotient;
    }

    /// <summary>Python's <c>**</c>: an integer for an integer to a nonnegative integer, else a float.</summary>
    public static PythonNumber? Power(PythonNumber a, PythonNumber b)
    {
        if (!Integers(a, b) || b.integer.Sign < 0)
            return a.ToDouble() is { } value && b.ToDouble() is { } exponent ? PythonFloat.Power(value, exponent) : null;
        if (b.integer.IsZero || a.integer.IsOne) return BigInteger.One;
        if (a.integer.IsZero) return a;
        if (a.integer == BigInteger.MinusOne) return b.integer.IsEven ? BigInteger.One : a;
        long bits = BigInteger.Abs(a.integer).GetBitLength();
        return b.integer > MaxBits || (bits - 1) * (long)b.integer > MaxBits ? null : BigInteger.Pow(a.integer, (int)b.integer);
    }

    private static bool Integers(PythonNumber a, PythonNumber b) => !a.isFloat && !b.isFloat;
}
