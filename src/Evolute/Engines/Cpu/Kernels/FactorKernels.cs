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
        // Sums of several rows at once, since each is a chain of additions; where fewer are left, the last one is made again.
        float* lanes = stackalloc float[Together * SumLanes], sums = stackalloc float[Together];
        for (int row = 0; row < rows.Count; row += Together)
        {
            int last = rows.Count - 1, row1 = Math.Min(row + 1, last), row2 = Math.Min(row + 2, last), row3 = Math.Min(row + 3, last);
            int m0 = rows.Member(row), m1 = rows.Member(row1), m2 = rows.Member(row2), m3 = rows.Member(row3);
            float* x0 = x + row * ldx, x1 = x + row1 * ldx, x2 = x + row2 * ldx, x3 = x + row3 * ldx;
            float* b0 = b + m0 * rows.MemberStride, b1 = b + m1 * rows.MemberStride, b2 = b + m2 * rows.MemberStride, b3 = b + m3 * rows.MemberStride;
            for (int term = 0; term < rows.Terms; term++)
            {
                nint at = term * stride;
                Four(x0, x1, x2, x3, b0 + at, b1 + at, b2 + at, b3 + at, n, lanes, sums);
                rows.SumsOf(row3)[term] = scales[m3] * sums[3];
                rows.SumsOf(row2)[term] = scales[m2] * sums[2];
                rows.SumsOf(row1)[term] = scales[m1] * sums[1];
                rows.SumsOf(row)[term] = scales[m0] * sums[0];
            }
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
    /// <param name="n">A multiple of 32.</param>
    public static void AddRanks(in FactorRows rows, int firstTerm, float* a, nint stride, int rank, float* y, nint ldy, int n)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            float* own = a + rows.Member(row) * rows.MemberStride, t = rows.SumsOf(row) + firstTerm, to = y + row * ldy;
            TF first = L.Broadcast(t[0]);
            if (rank == 1)
            {
                for (int i = 0; i < n; i += 2 * L.Count)
                {
                    TF y0 = L.Fma(first, L.Load(own + i), L.Load(to + i)), y1 = L.Fma(first, L.Load(own + i + L.Count), L.Load(to + i + L.Count));
                    L.Store(y0, to + i);
                    L.Store(y1, to + i + L.Count);
                }
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
    private static void Four(float* x0, float* x1, float* x2, float* x3, float* b0, float* b1, float* b2, float* b3, int n, float* lanes, float* sums)
    {
        for (int lane = 0; lane < SumLanes; lane += L.Count)
        {
            TF s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            for (int i = lane; i + L.Count <= n; i += SumLanes)
            {
                s0 = L.Fma(L.Load(x0 + i), L.Load(b0 + i), s0);
                s1 = L.Fma(L.Load(x1 + i), L.Load(b1 + i), s1);
                s2 = L.Fma(L.Load(x2 + i), L.Load(b2 + i), s2);
                s3 = L.Fma(L.Load(x3 + i), L.Load(b3 + i), s3);
            }
            if (L.Count == SumLanes && n % SumLanes == 0)
            {
                sums[0] = RowKernels<L, TF, TU>.SumByHalves(s0);
                sums[1] = RowKernels<L, TF, TU>.SumByHalves(s1);
                sums[2] = RowKernels<L, TF, TU>.SumByHalves(s2);
                sums[3] = RowKernels<L, TF, TU>.SumByHalves(s3);
                return;
            }
            L.Store(s0, lanes + lane);
            L.Store(s1, lanes + SumLanes + lane);
            L.Store(s2, lanes + 2 * SumLanes + lane);
            L.Store(s3, lanes + 3 * SumLanes + lane);
        }
        // What a whole vector of any width left over is at most 15 elements, those of the last, broken 16.
        sums[0] = WithLeftover(x0, b0, n, lanes);
        sums[1] = WithLeftover(x1, b1, n, lanes + SumLanes);
        sums[2] = WithLeftover(x2, b2, n, lanes + 2 * SumLanes);
        sums[3] = WithLeftover(x3, b3, n, lanes + 3 * SumLanes);
    }

    private static float WithLeftover(float* x, float* b, int n, float* lanes)
    {
        for (int i = n / L.Count * L.Count; i < n; i++) lanes[i % SumLanes] = FusedMultiplyAdd.Of(x[i], b[i], lanes[i % SumLanes]);
        return RowKernels<L, TF, TU>.SumByHalves(lanes);
    }
}
