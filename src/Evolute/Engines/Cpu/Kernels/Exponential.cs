using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>eˣ in float32 by the project's own polynomial (Cephes expf), relative error below 1e-7; the same bits at every width.</summary>
internal static class Exponential
{
    /// <summary>ln of the smallest normal float32; below it the result is 0.</summary>
    public const float Smallest = -87.33654f;

    private const float Largest = 88.37626f;
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>1.5·2²³: adding it rounds a float32 to the nearest whole number and leaves that number in the low bits.</summary>
    private const float RoundingShift = 12582912f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TF Of<L, TF, TU>(TF value)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged
    {
        TF x = L.Min(L.Max(value, L.Broadcast(Smallest)), L.Broadcast(Largest));
        TF shifted = L.Fma(x, L.Broadcast(Log2E), L.Broadcast(RoundingShift));
        TF n = L.Subtract(shifted, L.Broadcast(RoundingShift));
        TF r = L.Fma(n, L.Broadcast(-Ln2High), x);
        r = L.Fma(n, L.Broadcast(-Ln2Low), r);
        TF p = L.Fma(L.Broadcast(1.9875691500E-4f), r, L.Broadcast(1.3981999507E-3f));
        p = L.Fma(p, r, L.Broadcast(8.3334519073E-3f));
        p = L.Fma(p, r, L.Broadcast(4.1665795894E-2f));
        p = L.Fma(p, r, L.Broadcast(1.6666665459E-1f));
        p = L.Fma(p, r, L.Broadcast(5.0000001201E-1f));
        p = L.Add(L.Fma(p, L.Multiply(r, r), r), L.Broadcast(1f));
        // ·2ⁿ: n sits in the low bits of the shifted sum; its move to the exponent drops the rest.
        TF scaled = L.OfBits(L.AddU(L.BitsOf(p), L.ShiftLeft(L.BitsOf(shifted), 23)));
        return L.ZeroWhereBelow(value, L.Broadcast(Smallest), scaled);
    }
}
