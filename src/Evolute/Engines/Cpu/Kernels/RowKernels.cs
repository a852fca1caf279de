using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>
/// Elementwise work and reductions over one row. Reductions run in 16 lanes, element i in lane i mod 16, summed at the end by halves, at
/// every vector width.
/// </summary>
internal static unsafe class RowKernels<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int SumLanes = 16;

    /// <summary>y = x / √(mean(x²) + ε) · weight (Zhang and Sennrich, 2019).</summary>
    [SkipLocalsInit]
    public static void RmsNorm(float* x, float* weight, float epsilon, float* y, int n)
    {
        float* lanes = stackalloc float[SumLanes];
        for (int lane = 0; lane < SumLanes; lane += L.Count)
        {
            TF sum = L.Broadcast(0);
            for (int i = lane; i + L.Count <= n; i += SumLanes)
            {
                TF v = L.Load(x + i);
                sum = L.Fma(v, v, sum);
            }
            L.Store(sum, lanes + lane);
        }
        // What a whole vector of any width left over is at most 15 elements, the same ones for all: those of the last, broken 16.
        Leftover(x, n, lanes);
        float scale = 1f / MathF.Sqrt(SumByHalves(lanes) / n + epsilon);
        TF scales = L.Broadcast(scale);
        int j = 0;
        for (; j + L.Count <= n; j += L.Count) L.Store(L.Multiply(L.Multiply(L.Load(x + j), scales), L.Load(weight + j)), y + j);
        for (; j < n; j++) y[j] = x[j] * scale * weight[j];

        static void Leftover(float* x, int n, float* lanes)
        {
            for (int i = n / L.Count * L.Count; i < n; i++)
                lanes[i % SumLanes] = FusedMultiplyAdd.Of(x[i], x[i], lanes[i % SumLanes]);
        }
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int n)
    {
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Add(L.Load(y + i), L.Load(x + i)), y + i);
        for (; i < n; i++) y[i] += x[i];
    }

    /// <summary>y += share · x.</summary>
    public static void AddScaled(float* x, float share, float* y, int n)
    {
        TF shares = L.Broadcast(share);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Fma(L.Load(x + i), shares, L.Load(y + i)), y + i);
        for (; i < n; i++) y[i] = FusedMultiplyAdd.Of(x[i], share, y[i]);
    }

    /// <summary>y = share · y + x.</summary>
    public static void ScaleAndAdd(float* x, float share, float* y, int n)
    {
        TF shares = L.Broadcast(share);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Fma(L.Load(y + i), shares, L.Load(x + i)), y + i);
        for (; i < n; i++) y[i] = FusedMultiplyAdd.Of(y[i], share, x[i]);
    }

    /// <summary>Turns the pairs (x[i], x[i + half]) by the angles of a position (Su et al., 2021, in the half-split form).</summary>
    public static void Rotate(float* x, float* cos, float* sin, int half)
    {
        int i = 0;
        for (; i + L.Count <= half; i += L.Count)
        {
            TF a = L.Load(x + i), b = L.Load(x + half + i), c = L.Load(cos + i), s = L.Load(sin + i);
            L.Store(L.Subtract(L.Multiply(a, c), L.Multiply(b, s)), x + i);
            L.Store(L.Add(L.Multiply(b, c), L.Multiply(a, s)), x + half + i);
        }
        for (; i < half; i++)
        {
            float a = x[i], b = x[half + i];
            x[i] = a * cos[i] - b * sin[i];
            x[half + i] = b * cos[i] + a * sin[i];
        }
    }

    /// <summary>
    /// scores → exp(scale·score − max) in place; returns the sum of the n results. Up to 15 places past n are overwritten.
    /// </summary>
    [SkipLocalsInit]
    public static float Softmax(float* scores, int n, float scale)
    {
        int padded = (n + SumLanes - 1) / SumLanes * SumLanes;
        for (int i = n; i < padded; i++) scores[i] = float.MinValue;
        TF max = L.Broadcast(float.MinValue), scales = L.Broadcast(scale);
        for (int i = 0; i < padded; i += L.Count) max = L.Max(L.Load(scores + i), max);
        float* lanes = stackalloc float[SumLanes];
        L.Store(max, lanes);
        float top = lanes[0];
        for (int i = 1; i < L.Count; i++) top = lanes[i] > top ? lanes[i] : top;
        TF tops = L.Broadcast(top * scale);
        for (int lane = 0; lane < SumLanes; lane += L.Count)
        {
            TF sum = L.Broadcast(0);
            for (int i = lane; i < padded; i += SumLanes)
            {
                TF e = Exponential.Of<L, TF, TU>(L.Fma(L.Load(scores + i), scales, L.Subtract(L.Broadcast(0), tops)));
                L.Store(e, scores + i);
                sum = L.Add(sum, e);
            }
            L.Store(sum, lanes + lane);
        }
        return SumByHalves(lanes);
    }

    /// <summary>The index of the greatest value, the first of equals; NaN is never greatest.</summary>
    [SkipLocalsInit]
    public static int ArgMax(float* values, int n)
    {
        int i = 0;
        TF max = L.Broadcast(float.NegativeInfinity);
        for (; i + L.Count <= n; i += L.Count) max = L.Max(L.Load(values + i), max);
        float* lanes = stackalloc float[SumLanes];
        L.Store(max, lanes);
        float top = float.NegativeInfinity;
        for (int lane = 0; lane < L.Count; lane++) top = lanes[lane] > top ? lanes[lane] : top;
        for (; i < n; i++) top = values[i] > top ? values[i] : top;
        int found = new ReadOnlySpan<float>(values, n).IndexOf(top);
        return Math.Max(found, 0);
    }

    /// <summary>Lane i + lane i + 8, then by 4, 2 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumByHalves(float* lanes)
    {
        Vector256<float> eight = Vector256.Load(lanes) + Vector256.Load(lanes + 8);
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }
}
