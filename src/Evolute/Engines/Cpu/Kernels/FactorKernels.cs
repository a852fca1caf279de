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
        // Sums of several rows and terms at once, since each is a chain of additions; the last ones are made again where the number is not a multiple.
        float* lanes = stackalloc float[Together * SumLanes], scale = stackalloc float[Together], sums = stackalloc float[Together];
        float** xs = stackalloc float*[Together], bs = stackalloc float*[Together];
        int all = rows.Count * rows.Terms, row = 0, term = 0;
        for (int first = 0; first < all; first += Together)
        {
            for (int i = 0; i < Together; i++)
            {
                int member = rows.Member(row);
                xs[i] = x + row * ldx;
                bs[i] = b + member * rows.MemberStride + term * stride;
                scale[i] = scales[member];
                if (first + i + 1 >= all || ++term < rows.Terms) continue;
                (term, row) = (0, row + 1);
            }
            Four(xs, bs, n, lanes, sums);
            float* to = rows.SumsOf(0) + first;
            for (int i = 0; i < Math.Min(Together, all - first); i++) to[i] = scale[i] * sums[i];
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

    private static void Four(float** x, float** b, int n, float* lanes, float* sums)
    {
        float* x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
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
        for (int sum = 0; sum < Together; sum++)
        {
            float* own = lanes + sum * SumLanes;
            for (int i = n / L.Count * L.Count; i < n; i++) own[i % SumLanes] = FusedMultiplyAdd.Of(x[sum][i], b[sum][i], own[i % SumLanes]);
            sums[sum] = RowKernels<L, TF, TU>.SumByHalves(own);
        }
    }
}
