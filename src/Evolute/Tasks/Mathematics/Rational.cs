using System.Numerics;

namespace Evolute.Tasks.Mathematics;

/// <summary>An exact fraction in lowest terms. Operations give null instead of numbers beyond <see cref="MaxBits"/> and of a division by zero.</summary>
internal readonly record struct Rational
{
    /// <summary>Bits of the longest numerator or denominator.</summary>
    public const int MaxBits = 8192;

    private Rational(BigInteger numerator, BigInteger denominator) => (Numerator, Denominator) = (numerator, denominator);

    /// <summary>The numerator, which carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator, at least 1.</summary>
    public BigInteger Denominator { get; }

    public bool IsInteger => Denominator.IsOne;

    /// <summary>A fraction in lowest terms, or null.</summary>
    public static Rational? Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero || numerator.GetBitLength() > MaxBits || denominator.GetBitLength() > MaxBits) return null;
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new(numerator / divisor, denominator / divisor);
    }

    public static Rational Of(int value) => new(value, 1);

    public static Rational? Add(Rational a, Rational b) => Of(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational? Multiply(Rational a, Rational b) => Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational? Divide(Rational a, Rational b) => Of(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>A power; roots only where they are exact.</summary>
    public static Rational? Power(Rational b, Rational exponent)
    {
        if (exponent.Numerator.GetBitLength() > 16 || exponent.Denominator > 64) return null;
        int power = (int)exponent.Numerator;
        if (b.Numerator.IsZero) return power > 0 ? b : null;
        long bits = Math.Max(b.Numerator.GetBitLength(), b.Denominator.GetBitLength());
        if (bits > 1 && bits * Math.Abs(power) > MaxBits) return null;
        BigInteger numerator = BigInteger.Pow(b.Numerator, Math.Abs(power)), denominator = BigInteger.Pow(b.Denominator, Math.Abs(power));
        Rational? result = power < 0 ? Of(denominator, numerator) : Of(numerator, denominator);
        if (exponent.IsInteger || result is not { } whole) return result;
        int degree = (int)exponent.Denominator;
        return b.Numerator.Sign > 0 && Root(whole.Numerator, degree) is { } top && Root(whole.Denominator, degree) is { } bottom ? Of(top, bottom) : null;
    }

    public double ToDouble()
    {
        // Shifted to 64 bits each, so that neither overflows.
        int top = Math.Max(0, (int)Numerator.GetBitLength() - 64), bottom = Math.Max(0, (int)Denominator.GetBitLength() - 64);
        return Math.ScaleB((double)(Numerator >> top) / (double)(Denominator >> bottom), top - bottom);
    }

    // The exact root, or null; Newton's steps from a power of two above it, only on short numbers.
    private static BigInteger? Root(BigInteger value, int degree)
    {
        if (value.IsOne) return value;
        if (value.GetBitLength() > 512) return null;
        BigInteger root = BigInteger.One << (int)(value.GetBitLength() / degree + 1);
        while (true)
        {
            BigInteger next = ((degree - 1) * root + value / BigInteger.Pow(root, degree - 1)) / degree;
            if (next >= root) break;
            root = next;
        }
        return BigInteger.Pow(root, degree) == value ? root : null;
    }
}
