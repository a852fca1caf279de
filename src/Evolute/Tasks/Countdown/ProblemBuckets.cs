using System.Globalization;
using System.Text;
using Evolute.Noise;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// Gives each multiset of numbers to one split, so that splits share no numbers by construction: of ten buckets one
/// is for tests, one for validation, three for training; five are set apart for pretraining bundled models.
/// </summary>
internal static class ProblemBuckets
{
    private const int Count = 10;

    /// <summary>The sorted numbers joined with commas, e.g. <c>3,14,25</c>.</summary>
    public static string Key(ReadOnlySpan<int> numbers)
    {
        int[] sorted = numbers.ToArray();
        Array.Sort(sorted);
        return string.Join(',', sorted.Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The bucket, 0 to 9, of a key: FNV-1a 64 with its halves folded, modulo 10.</summary>
    public static int Of(string key)
    {
        ulong hash = TensorId.Fnv1a64(Encoding.ASCII.GetBytes(key));
        hash ^= hash >> 32;
        return (int)(hash % Count);
    }

    public static bool Contains(TaskSplit split, int bucket) => split switch
    {
        TaskSplit.Test => bucket == 0,
        TaskSplit.Validation => bucket == 1,
        TaskSplit.Train => bucket is >= 2 and <= 4,
        _ => throw new ArgumentOutOfRangeException(nameof(split)),
    };
}
