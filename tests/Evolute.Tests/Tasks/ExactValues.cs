using System.Numerics;

namespace Evolute.Tests.Tasks;

/// <summary>
/// All values that an expression of given numbers can have, by splitting the set in two in every way: not the
/// algorithm of the library, and on reduced big fractions.
/// </summary>
internal static class ExactValues
{
    private readonly record struct Ratio(BigInteger Above, BigInteger Below)
    {
        public static Ratio Of(BigInteger above, BigInteger below)
        {
            BigInteger divisor = BigInteger.GreatestCommonDivisor(above, below) * below.Sign;
            return new(above / divisor, below / divisor);
        }
    }

    public static HashSet<int> Reachable(IReadOnlyList<int> numbers)
    {
        Dictionary<int, HashSet<Ratio>> values = [];
        for (int set = 1; set < 1 << numbers.Count; set++)
        {
            HashSet<Ratio> own = values[set] = [];
            if (BitOperations.PopCount((uint)set) == 1) own.Add(new(numbers[BitOperations.TrailingZeroCount(set)], 1));
            for (int left = (set - 1) & set; left > 0; left = (left - 1) & set)
                foreach (Ratio a in values[left])
                    foreach (Ratio b in values[set ^ left])
                    {
                        own.Add(Ratio.Of(a.Above * b.Below + b.Above * a.Below, a.Below * b.Below));
                        own.Add(Ratio.Of(a.Above * b.Below - b.Above * a.Below, a.Below * b.Below));
                        own.Add(Ratio.Of(a.Above * b.Above, a.Below * b.Below));
                        if (!b.Above.IsZero) own.Add(Ratio.Of(a.Above * b.Below, a.Below * b.Above));
                    }
        }
        return [.. values[(1 << numbers.Count) - 1].Where(r => r.Below.IsOne && BigInteger.Abs(r.Above) < 1_000_000).Select(r => (int)r.Above)];
    }
}
