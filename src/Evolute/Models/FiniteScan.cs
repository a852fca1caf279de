using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Evolute.Models;

/// <summary>Looks for NaN, infinity and values that a narrower type cannot hold among weights.</summary>
internal static class FiniteScan
{
    private const uint Magnitude = 0x7FFFFFFF;

    /// <summary>The index of the first NaN or infinity, or -1.</summary>
    public static int FirstNonFinite(ReadOnlySpan<float> values) => FirstBeyond(values, StoredType.F32);

    /// <summary>The index of the first value that is not finite, or is not once it is rounded to <paramref name="type"/>, or -1.</summary>
    public static int FirstBeyond(ReadOnlySpan<float> values, StoredType type)
    {
        // Magnitudes order as their bits do, with infinity and NaN on top.
        uint limit = type switch
        {
            StoredType.BF16 => 0x7F7F8000, // halfway from the largest bfloat16 to the next power of two
            StoredType.F16 => 0x477FF000, // 65,520, the same for binary16
            _ => 0x7F800000,
        };
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int i = 0;
        for (; i <= bits.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
            if (Vector256.GreaterThanOrEqualAny(Vector256.Create(bits[i..]) & Vector256.Create(Magnitude), Vector256.Create(limit)))
                break;
        for (; i < bits.Length; i++)
            if ((bits[i] & Magnitude) >= limit)
                return i;
        return -1;
    }

    /// <summary>The index of a tensor's first NaN or infinity, or -1.</summary>
    public static long FirstNonFinite(WeightTensor tensor)
    {
        const int chunk = 1 << 24;
        for (long start = 0; start < tensor.Length; start += chunk)
        {
            int at = FirstNonFinite(tensor.Slice(start, (int)Math.Min(chunk, tensor.Length - start)));
            if (at >= 0) return start + at;
        }
        return -1;
    }
}
