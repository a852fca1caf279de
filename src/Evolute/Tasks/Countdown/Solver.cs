namespace Evolute.Tasks.Countdown;

/// <summary>
/// Decides whether a target can be made from numbers with + - * / and parentheses, each number exactly once, in exact
/// rational arithmetic.
/// </summary>
internal static class Solver
{
    public const int MinCount = 2, MaxCount = 6, MaxNumber = 500, MaxTarget = 100_000;

    // Unreduced fractions: a value made of k numbers has |numerator| and |denominator| at most 2^(k-1) times their
    // product, 32 * 500^6 < 2^59, so nothing overflows.
    private readonly record struct Fraction(long Numerator, long Denominator);

    public static bool CanReach(ReadOnlySpan<int> numbers, int target)
    {
        Span<Fraction> values = stackalloc Fraction[MaxCount];
        for (int i = 0; i < numbers.Length; i++) values[i] = new(numbers[i], 1);
        return Search(values[..numbers.Length], target);
    }

    private static bool Search(ReadOnlySpan<Fraction> values, int target)
    {
        if (values.Length == 1)
            return values[0].Numerator % values[0].Denominator == 0 && values[0].Numerator / values[0].Denominator == target;
        Span<Fraction> next = stackalloc Fraction[MaxCount];
        next = next[..(values.Length - 1)];
        for (int i = 0; i < values.Length; i++)
            for (int j = i + 1; j < values.Length; j++)
            {
                int kept = 0;
                for (int k = 0; k < values.Length; k++)
                    if (k != i && k != j) next[kept++] = values[k];
                if (Combine(values[i], values[j], next, target)) return true;
            }
        return false;
    }

    // Puts each result of a and b in the last place of next and goes on with one value fewer.
    private static bool Combine(Fraction a, Fraction b, Span<Fraction> next, int target)
    {
        long ad = a.Numerator * b.Denominator, bc = b.Numerator * a.Denominator, below = a.Denominator * b.Denominator;
        return Try(new(ad + bc, below), next, target)
            || Try(new(ad - bc, below), next, target)
            || Try(new(bc - ad, below), next, target)
            || Try(new(a.Numerator * b.Numerator, below), next, target)
            || (bc != 0 && Try(new(ad, bc), next, target))
            || (ad != 0 && Try(new(bc, ad), next, target));
    }

    private static bool Try(Fraction last, Span<Fraction> next, int target)
    {
        next[^1] = last;
        return Search(next, target);
    }
}
