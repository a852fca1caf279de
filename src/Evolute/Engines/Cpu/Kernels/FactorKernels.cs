using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>What low-rank noise adds to the rows of a product, each with its own factors: t = s·(x·B), y += t·Aᵀ.</summary>
internal static unsafe class FactorKernels<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int SumLanes = 16, Together = 4;

    /// <summary>t[j] = scale · Σ x[i]·b[j][i], summed in 16 lanes like a norm, at every vector width.</summary>
    /// <param name="rows">The rows; their sums are written.</param>
    /// <param name="x">[rows][ldx], n of each used.</param>
    /// <param name="ldx">Floats from one row of x to the next.</param>
    /// <param name="b">The first member's [terms][stride].</param>
    /// <param name="stride">Floats from one b to the next.</param>
    /// <param name="n">How many products each.</param>
    /// <param name="scales">What each member's sums are multiplied by.</param>
    [SkipLocalsInit]
    public static void Dots(in FactorRows rows, float* x, nint ldx, float* b, nint stride, int n, float* scales)
    {
        float* lanes = stackalloc float[Together * SumLanes];
        for (int row = 0; row < rows.Count; row++)
        {
            int member = rows.Member(row);
            Row(x + row * ldx, b + member * rows.MemberStride, stride, rows.Terms, n, scales[member], rows.SumsOf(row), lanes);
        }
    }

    /// <summary>y[i] += Σ t[j]·a[j][i], one chain of fused multiply-adds in order of j.</summary>
    /// <param name="rows">The rows and their sums.</param>
    /// <param name="firstTerm">The first of a row's sums that counts.</param>
    /// <param name="a">The first member's [rank][stride].</param>
    /// <param name="stride">Floats from one a to the next.</param>
    /// <param name="rank">How many.</param>
    /// <param name="y">[rows][ldy], n of each used.</param>
    /// <param name="ldy">Floats from one row of y to the next.</param>
    /// <param name="n">A multiple of 16.</param>
    public static void AddRanks(in FactorRows rows, int firstTerm, float* a, nint stride, int rank, float* y, nint ldy, int n)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            float* own = a + rows.Member(row) * rows.MemberStride, t = rows.SumsOf(row) + firstTerm, to = y + row * ldy;
            TF first = L.Broadcast(t[0]);
            if (rank == 1)
            {
                for (int i = 0; i < n; i += L.Count) L.Store(L.Fma(first, L.Load(own + i), L.Load(to + i)), to + i);
                continue;
            }
            for (int i = 0; i < n; i += L.Count)
            {
                TF sum = L.Fma(first, L.Load(own + i), L.Load(to + i));
                for (int j = 1; j < rank; j++) sum = L.Fma(L.Broadcast(t[j]), L.Load(own + j * stride + i), sum);
                L.Store(sum, to + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(float* x, float* b, nint stride, int count, int n, float scale, float* t, float* lanes)
    {
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
