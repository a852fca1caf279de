using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>tanh x in float32 (Cephes tanhf: a polynomial near 0, the exponential elsewhere), relative error below 3e-7; the same bits at every width.</summary>
internal static class HyperbolicTangent
{
    /// <summary>Up to here the polynomial holds.</summary>
    private const float Near = 0.625f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TF Of<L, TF, TU>(TF x)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged
    {
        TU sign = L.And(L.BitsOf(x), L.BroadcastU(0x80000000u));
        TF a = L.OfBits(L.Xor(L.BitsOf(x), sign)), a2 = L.Multiply(a, a), one = L.Broadcast(1f);
        TF p = L.Fma(L.Broadcast(-5.70498872745E-3f), a2, L.Broadcast(2.06390887954E-2f));
        p = L.Fma(p, a2, L.Broadcast(-5.37397155531E-2f));
        p = L.Fma(p, a2, L.Broadcast(1.33314422036E-1f));
        p = L.Fma(p, a2, L.Broadcast(-3.33332819422E-1f));
        TF near = L.Fma(L.Multiply(p, a2), a, a);
        TF far = L.Subtract(one, L.Divide(L.Broadcast(2f), L.Add(Exponential.Of<L, TF, TU>(L.Add(a, a)), one)));
        // The comparison is such that NaN takes the polynomial, which keeps it.
        TF either = L.SelectByTopBit(L.BitsOf(L.Subtract(L.Broadcast(Near), a)), far, near);
        return L.OfBits(L.Xor(L.BitsOf(either), sign));
    }
}
