using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>Gates of feed-forward layers, y = f(gate) · up, and soft-caps. All take n up to the next multiple of 16: rows are padded.</summary>
internal static unsafe class ActivationKernels<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const float RootTwoOverPi = 0.7978845608028654f, RootHalf = 0.7071067811865476f;

    /// <summary>y = gate · sigmoid(gate) · up (SwiGLU; Shazeer, 2020).</summary>
    public static void SiluMultiply(float* gate, float* up, float* y, int n)
    {
        TF one = L.Broadcast(1f), zero = L.Broadcast(0f);
        for (int i = 0; i < n; i += L.Count)
        {
            TF g = L.Load(gate + i);
            TF silu = L.Divide(g, L.Add(one, Exponential.Of<L, TF, TU>(L.Subtract(zero, g))));
            L.Store(L.Multiply(silu, L.Load(up + i)), y + i);
        }
    }

    /// <summary>y = ½ gate (1 + tanh(√(2/π) (gate + 0.044715 gate³))) · up (Hendrycks and Gimpel, 2016).</summary>
    public static void GeluTanhMultiply(float* gate, float* up, float* y, int n)
    {
        TF one = L.Broadcast(1f), half = L.Broadcast(0.5f), cubic = L.Broadcast(0.044715f), scale = L.Broadcast(RootTwoOverPi);
        for (int i = 0; i < n; i += L.Count)
        {
            TF g = L.Load(gate + i);
            TF inner = L.Multiply(scale, L.Fma(L.Multiply(L.Multiply(g, g), g), cubic, g));
            TF gelu = L.Multiply(L.Multiply(half, g), L.Add(one, HyperbolicTangent.Of<L, TF, TU>(inner)));
            L.Store(L.Multiply(gelu, L.Load(up + i)), y + i);
        }
    }

    /// <summary>y = ½ gate (1 + erf(gate / √2)) · up.</summary>
    public static void GeluMultiply(float* gate, float* up, float* y, int n)
    {
        TF one = L.Broadcast(1f), half = L.Broadcast(0.5f), root = L.Broadcast(RootHalf);
        for (int i = 0; i < n; i += L.Count)
        {
            TF g = L.Load(gate + i);
            TF gelu = L.Multiply(L.Multiply(half, g), L.Add(one, Erf(L.Multiply(g, root))));
            L.Store(L.Multiply(gelu, L.Load(up + i)), y + i);
        }
    }

    /// <summary>y = max(gate, 0) · up; NaN stays NaN.</summary>
    public static void ReluMultiply(float* gate, float* up, float* y, int n)
    {
        TF zero = L.Broadcast(0f);
        for (int i = 0; i < n; i += L.Count) L.Store(L.Multiply(L.Max(zero, L.Load(gate + i)), L.Load(up + i)), y + i);
    }

    /// <summary>x = cap · tanh(scale · x / cap) in place.</summary>
    public static void SoftCap(float* x, int n, float scale, float cap)
    {
        TF scales = L.Broadcast(scale), caps = L.Broadcast(cap);
        for (int i = 0; i < n; i += L.Count)
            L.Store(L.Multiply(caps, HyperbolicTangent.Of<L, TF, TU>(L.Divide(L.Multiply(L.Load(x + i), scales), caps))), x + i);
    }

    /// <summary>erf x by Abramowitz and Stegun's 7.1.26, absolute error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF Erf(TF x)
    {
        TU sign = L.And(L.BitsOf(x), L.BroadcastU(0x80000000u));
        TF a = L.OfBits(L.Xor(L.BitsOf(x), sign)), one = L.Broadcast(1f);
        TF t = L.Divide(one, L.Fma(L.Broadcast(0.3275911f), a, one));
        TF p = L.Fma(L.Broadcast(1.061405429f), t, L.Broadcast(-1.453152027f));
        p = L.Fma(p, t, L.Broadcast(1.421413741f));
        p = L.Fma(p, t, L.Broadcast(-0.284496736f));
        p = L.Fma(p, t, L.Broadcast(0.254829592f));
        TF tail = L.Multiply(L.Multiply(p, t), Exponential.Of<L, TF, TU>(L.Subtract(L.Broadcast(0f), L.Multiply(a, a))));
        return L.OfBits(L.Xor(L.BitsOf(L.Subtract(one, tail)), sign));
    }
}
