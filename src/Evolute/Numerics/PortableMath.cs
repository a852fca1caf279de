namespace Evolute.Numerics;

/// <summary>
/// exp, ln, sin, cos and pow in float64 from additions, multiplications and divisions alone: the platform's own differ in the last bits from
/// one C library to the next, and a run's bits must not. Accurate to a few units in the last place on the ranges stated.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>eˣ; 0 below −745, infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < -745) return 0;
        if (x > 709) return double.PositiveInfinity;
        double n = Math.Round(x / (Ln2High + Ln2Low));
        double r = (x - n * Ln2High) - n * Ln2Low;
        double sum = 1;
        for (int k = 14; k > 0; k--) sum = 1 + sum * r / k;
        return Math.ScaleB(sum, (int)n);
    }

    /// <summary>ln x for x &gt; 0: exponent and 2·artanh((m−1)/(m+1)) of the mantissa.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x)) return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        int exponent = Math.ILogB(x);
        double m = Math.ScaleB(x, -exponent);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }
        double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
        for (int k = 23; k > 0; k -= 2) sum = 1.0 / k + sum * s2;
        return exponent * Ln2High + (2 * s * sum + exponent * Ln2Low);
    }

    /// <summary>xʸ for x &gt; 0.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>sin x and cos x for |x| up to 10⁶.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        // π/2 in three parts; the first two have 33 bits, so that n times each is exact for |n| < 2²⁰.
        const double part1 = 1.57079632673412561417e+00, part2 = 6.07710050630396597660e-11, part3 = 2.02226624879595063154e-21;
        double n = Math.Round(x * (2 / Math.PI));
        double r = ((x - n * part1) - n * part2) - n * part3, r2 = r * r;
        double sin = 1, cos = 1;
        for (int k = 20; k > 0; k -= 2)
        {
            sin = 1 - sin * r2 / (k * (k + 1));
            cos = 1 - cos * r2 / (k * (k - 1));
        }
        sin *= r;
        return ((long)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
