using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        float scale = 1f / MathF.Sqrt(SumOfSquares(x, n) / n + epsilon);
        TF scales = L.Broadcast(scale);
        int j = 0;
        for (; j + L.Count <= n; j += L.Count) L.Store(L.Multiply(L.Multiply(L.Load(x + j), scales), L.Load(weight + j)), y + j);
        for (; j < n; j++) y[j] = x[j] * scale * weight[j];
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int n)
    {
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Add(L.Load(y + i), L.Load(x + i)), y + i);
        for (; i < n; i++) y[i] += x[i];
    }

    /// <summary>y = share · x.</summary>
    public static void Scale(float* x, float share, float* y, int n)
    {
        TF shares = L.Broadcast(share);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Multiply(L.Load(x + i), shares), y + i);
        for (; i < n; i++) y[i] = x[i] * share;
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
    /// scores → exp(scale·score − max) in place; returns the sum of the n results. Up to 15 places past n become 0.
    /// </summary>
    [SkipLocalsInit]
    public static float Softmax(float* scores, int n, float scale)
    {
        int whole = n / SumLanes * SumLanes, padded = (n + SumLanes - 1) / SumLanes * SumLanes;
        TF max = L.Broadcast(float.MinValue), scales = L.Broadcast(scale);
        int at = 0;
        for (; at < whole; at += L.Count) max = L.Max(L.Load(scores + at), max);
        for (; at < padded; at += L.Count) max = L.Max(First(n - at, L.Load(scores + at), L.Broadcast(float.MinValue)), max);
        TF tops = L.Subtract(L.Broadcast(0), L.Broadcast(Greatest(max) * scale));
        float* lanes = stackalloc float[SumLanes];
        for (int lane = 0; lane < SumLanes; lane += L.Count)
        {
            TF sum = L.Broadcast(0);
            int i = lane;
            for (; i < whole; i += SumLanes)
            {
                TF e = Exponential.Of<L, TF, TU>(L.Fma(L.Load(scores + i), scales, tops));
                L.Store(e, scores + i);
                sum = L.Add(sum, e);
            }
            if (i < padded)
            {
                TF e = First(n - i, Exponential.Of<L, TF, TU>(L.Fma(L.Load(scores + i), scales, tops)), L.Broadcast(0));
                L.Store(e, scores + i);
                sum = L.Add(sum, e);
            }
            if (L.Count == SumLanes) return SumByHalves(sum);
            L.Store(sum, lanes + lane);
        }
        return SumByHalves(lanes);
    }

    /// <summary>The index of the greatest value, the first of equals, or −1 where it is not above a bound; NaN is never greatest and no bound.</summary>
    public static int ArgMax(float* values, int n, float above)
    {
        int i = 0;
        TF max = L.Broadcast(float.NegativeInfinity);
        for (; i + L.Count <= n; i += L.Count) max = L.Max(L.Load(values + i), max);
        float top = Greatest(max);
        for (; i < n; i++) top = values[i] > top ? values[i] : top;
        if (top <= above) return -1;
        // Equal numbers have equal bits but for the two zeros; whole numbers are searched for by vectors.
        ReadOnlySpan<float> all = new(values, n);
        int found = top == 0 ? all.IndexOf(top) : MemoryMarshal.Cast<float, int>(all).IndexOf(BitConverter.SingleToInt32Bits(top));
        return Math.Max(found, 0);
    }

    /// <summary>Lane i + lane i + 8, then by 4, 2 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumByHalves(float* lanes) => SumByHalves(Vector256.Load(lanes) + Vector256.Load(lanes + 8));

    /// <summary>The same of a vector of 16 lanes, which does not go through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumByHalves(TF lanes)
    {
        Vector512<float> sixteen = Unsafe.BitCast<TF, Vector512<float>>(lanes);
        return SumByHalves(sixteen.GetLower() + sixteen.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumByHalves(Vector256<float> eight)
    {
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfSquares(float* x, int n)
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
            if (L.Count == SumLanes && n % SumLanes == 0) return SumByHalves(sum);
            L.Store(sum, lanes + lane);
        }
        // What a whole vector of any width left over is at most 15 elements, the same ones for all: those of the last, broken 16.
        for (int i = n / L.Count * L.Count; i < n; i++) lanes[i % SumLanes] = FusedMultiplyAdd.Of(x[i], x[i], lanes[i % SumLanes]);
        return SumByHalves(lanes);
    }

    /// <summary>The first <paramref name="count"/> lanes of a, the others of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TF First(int count, TF a, TF b) => L.SelectByTopBit(L.SubtractU(L.Iota, L.BroadcastU((uint)count)), a, b);

    /// <summary>The greatest lane, where none is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Greatest(TF lanes)
    {
        if (L.Count == 1) return Unsafe.BitCast<TF, float>(lanes);
        Vector128<float> four;
        if (L.Count == 4) four = Unsafe.BitCast<TF, Vector128<float>>(lanes);
        else
        {
            Vector256<float> eight;
            if (L.Count == 8) eight = Unsafe.BitCast<TF, Vector256<float>>(lanes);
            else
            {
                Vector512<float> sixteen = Unsafe.BitCast<TF, Vector512<float>>(lanes);
                eight = Vector256.MaxNative(sixteen.GetLower(), sixteen.GetUpper());
            }
            four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        }
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
