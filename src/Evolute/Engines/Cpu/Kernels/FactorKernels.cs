using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>What low-rank noise adds to a product, one row at a time: t = s·(x·B), y += t·Aᵀ.</summary>
internal static unsafe class FactorKernels<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int SumLanes = 16, Together = 4;

    /// <summary>t[j] = scale · Σ x[i]·b[j][i], summed in 16 lanes like a norm, at every vector width.</summary>
    /// <param name="x">[n]</param>
    /// <param name="b">[count][stride]</param>
    /// <param name="stride">Floats from one b to the next.</param>
    /// <param name="count">How many sums.</param>
    /// <param name="n">How many products each.</param>
    /// <param name="scale">What each sum is multiplied by.</param>
    /// <param name="t">[count]</param>
    [SkipLocalsInit]
    public static void Dots(float* x, float* b, nint stride, int count, int n, float scale, float* t)
    {
        float* lanes = stackalloc float[Together * SumLanes];
        int j = 0;
        for (; j + Together <= count; j += Together) Four(x, b + j * stride, stride, n, scale, t + j, lanes);
        for (; j < count; j++)
        {
            float* own = b + j * stride;
            for (int lane = 0; lane < SumLanes; lane += L.Count)
            {
                TF sum = L.Broadcast(0);
                for (int i = lane; i + L.Count <= n; i += SumLanes) sum = L.Fma(L.Load(x + i), L.Load(own + i), sum);
                L.Store(sum, lanes + lane);
            }
            Leftover(x, own, n, lanes);
            t[j] = scale * RowKernels<L, TF, TU>.SumByHalves(lanes);
        }
    }

    /// <summary>y[i] += Σ t[j]·a[j][i], one chain of fused multiply-adds in order of j.</summary>
    /// <param name="t">[rank]</param>
    /// <param name="a">[rank][stride]</param>
    /// <param name="stride">Floats from one a to the next.</param>
    /// <param name="rank">How many.</param>
    /// <param name="y">[n]</param>
    /// <param name="n">A multiple of 16.</param>
    public static void AddRanks(float* t, float* a, nint stride, int rank, float* y, int n)
    {
        TF first = L.Broadcast(t[0]);
        if (rank == 1)
        {
            for (int i = 0; i < n; i += L.Count) L.Store(L.Fma(first, L.Load(a + i), L.Load(y + i)), y + i);
            return;
        }
        for (int i = 0; i < n; i += L.Count)
        {
            TF sum = L.Fma(first, L.Load(a + i), L.Load(y + i));
            for (int j = 1; j < rank; j++) sum = L.Fma(L.Broadcast(t[j]), L.Load(a + j * stride + i), sum);
            L.Store(sum, y + i);
        }
    }

    private static void Four(float* x, float* b, nint stride, int n, float scale, float* t, float* lanes)
    {
        float* b1 = b + stride, b2 = b1 + stride, b3 = b2 + stride;
        for (int lane = 0; lane < SumLanes; lane += L.Count)
        {
            TF s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (int i = lane; i + L.Count <= n; i += SumLanes)
            {
                TF v = L.Load(x + i);
                s0 = L.Fma(v, L.Load(b + i), s0);
                s1 = L.Fma(v, L.Load(b1 + i), s1);
                s2 = L.Fma(v, L.Load(b2 + i), s2);
                s3 = L.Fma(v, L.Load(b3 + i), s3);
            }
            L.Store(s0, lanes + lane);
            L.Store(s1, lanes + SumLanes + lane);
            L.Store(s2, lanes + 2 * SumLanes + lane);
            L.Store(s3, lanes + 3 * SumLanes + lane);
        }
        for (int j = 0; j < Together; j++)
        {
            Leftover(x, b + j * stride, n, lanes + j * SumLanes);
            t[j] = scale * RowKernels<L, TF, TU>.SumByHalves(lanes + j * SumLanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leftover(float* x, float* b, int n, float* lanes)
    {
        for (int i = n / L.Count * L.Count; i < n; i++) lanes[i % SumLanes] = FusedMultiplyAdd.Of(x[i], b[i], lanes[i % SumLanes]);
    }
}
