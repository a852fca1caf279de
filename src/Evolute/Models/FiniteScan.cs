using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Evolute.Models;

/// <summary>Looks for NaN and infinity among weights.</summary>
internal static class FiniteScan
{
    private const uint Exponent = 0x7F800000;

    /// <summary>The index of the first NaN or infinity, or -1.</summary>
    public static int FirstNonFinite(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        Vector256<uint> exponent = Vector256.Create(Exponent);
        int i = 0;
        for (; i <= bits.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
            if (Vector256.EqualsAny(Vector256.Create(bits[i..]) & exponent, exponent))
                break;
        for (; i < bits.Length; i++)
            if ((bits[i] & Exponent) == Exponent)
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
