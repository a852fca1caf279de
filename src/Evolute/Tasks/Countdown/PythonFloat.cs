using System.Numerics;

namespace Evolute.Tasks.Countdown;

/// <summary>Arithmetic of Python's <c>float</c> where it differs from the hardware's; null where Python raises an error.</summary>
internal static class PythonFloat
{
    private const int Precision = 53, MaxExponent = 1024, LeastExponent = -1074;
    private const long ExactInteger = 1L << Precision;

    /// <summary>The float nearest to a / b, ties to even; null for b = 0 and where the quotient overflows.</summary>
    public static double? Divide(BigInteger a, BigInteger b)
    {
        if (b.IsZero) return null;
        if (BigInteger.Abs(a) <= ExactInteger && BigInteger.Abs(b) <= ExactInteger) return (double)(long)a / (long)b;
        double magnitude = DivideMagnitudes(BigInteger.Abs(a), BigInteger.Abs(b));
        return double.IsInfinity(magnitude) ? null : a.Sign == b.Sign ? magnitude : -magnitude;
    }

    // The quotient to 66 or 67 bits with a sticky last bit, then rounded once to the bits that the result has room for.
    private static double DivideMagnitudes(BigInteger a, BigInteger b)
    {
        if (a.IsZero) return 0;
        int shift = 66 - (int)(a.GetBitLength() - b.GetBitLength());
        BigInteger quotient = BigInteger.DivRem(shift > 0 ? a << shift : a, shift < 0 ? b << -shift : b, out BigInteger remainder);
        if (!remainder.IsZero) quotient |= BigInteger.One;
        int length = (int)quotient.GetBitLength();
        int exponent = length - shift;
        if (exponent > MaxExponent) return double.PositiveInfinity;
        int room = Math.Min(Precision, exponent - LeastExponent);
        if (room < 0) return 0;
        int dropped = length - room;
        BigInteger kept = quotient >> dropped, rest = quotient - (kept << dropped), half = BigInteger.One << (dropped - 1);
        if (rest > half || (rest == half && !kept.IsEven)) kept += 1;
        return Math.ScaleB((double)(long)kept, dropped - shift);
    }

    /// <summary>CPython's <c>float_floor_div</c>; <paramref name="b"/> is not 0.</summary>
    public static double FloorDivide(double a, double b)
    {
        double modulus = a % b;
        double quotient = (a - modulus) / b;
        if (modulus != 0 && (b < 0) != (modulus < 0)) quotient -= 1;
        if (quotient == 0) return Math.CopySign(0, a / b);
        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    /// <summary>CPython's <c>float_pow</c>; null also where the result is complex.</summary>
    public static double? Power(double a, double b)
    {
        if (b == 0 || a == 1) return 1;
        if (double.IsNaN(a) || double.IsNaN(b)) return double.NaN;
        if (double.IsInfinity(a) || double.IsInfinity(b)) return Math.Pow(a, b);
        if (a == 0) return b < 0 ? null : Math.Pow(a, b);
        if (a < 0 && b != Math.Floor(b)) return null;
        double power = Math.Pow(a, b);
        return double.IsInfinity(power) ? null : power;
    }
}
