using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Evolute.Numerics;

namespace Evolute.Cli.Bench;

/// <summary>The two loops that a machine's limits are measured with, at one vector width.</summary>
internal abstract unsafe class LimitKernel
{
    /// <summary>Chains of multiply-adds that do not wait for each other: more than latency × units of any machine, and with two operands no more than 16 registers.</summary>
    protected const int Chains = 12;

    /// <summary>Floats that a pass of <see cref="Sum"/> takes at once; lengths are multiples of it.</summary>
    public const int SumBlock = 128;

    /// <summary>Float32 operations of a round of <see cref="MultiplyAdd"/>.</summary>
    public abstract int OperationsPerRound { get; }

    /// <summary>The kernel of a width that <see cref="VectorWidth.Choose"/> gives.</summary>
    public static LimitKernel OfWidth(int lanes) => lanes switch
    {
        1 => new LimitKernel<Lanes1, float, uint>(),
        4 => new LimitKernel<Lanes4, Vector128<float>, Vector128<uint>>(),
        8 => new LimitKernel<Lanes8, Vector256<float>, Vector256<uint>>(),
        16 => new LimitKernel<Lanes16, Vector512<float>, Vector512<uint>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes)),
    };

    /// <summary>So many rounds of fused multiply-adds that stay in registers; what comes out goes to <paramref name="sink"/>, room for 16 floats.</summary>
    public abstract void MultiplyAdd(int rounds, float* sink);

    /// <summary>Reads <paramref name="length"/> floats, a multiple of <see cref="SumBlock"/>; their lanes' sums go to <paramref name="sink"/>, room for 16 floats.</summary>
    public abstract void Sum(float* from, long length, float* sink);
}

/// <inheritdoc/>
internal sealed unsafe class LimitKernel<L, TF, TU> : LimitKernel
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    /// <inheritdoc/>
    public override int OperationsPerRound => 2 * Chains * L.Count;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void MultiplyAdd(int rounds, float* sink)
    {
        // Each chain tends to 1, far from numbers that a machine is slow with.
        TF x = L.Broadcast(0.75f), y = L.Broadcast(0.25f);
        TF a0 = L.Broadcast(sink[0]), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0;
        for (int i = 0; i < rounds; i++)
        {
            a0 = L.Fma(a0, x, y);
            a1 = L.Fma(a1, x, y);
            a2 = L.Fma(a2, x, y);
            a3 = L.Fma(a3, x, y);
            a4 = L.Fma(a4, x, y);
            a5 = L.Fma(a5, x, y);
            a6 = L.Fma(a6, x, y);
            a7 = L.Fma(a7, x, y);
            a8 = L.Fma(a8, x, y);
            a9 = L.Fma(a9, x, y);
            a10 = L.Fma(a10, x, y);
            a11 = L.Fma(a11, x, y);
        }
        TF sum = L.Add(L.Add(L.Add(a0, a1), L.Add(a2, a3)), L.Add(L.Add(a4, a5), L.Add(a6, a7)));
        L.Store(L.Add(sum, L.Add(L.Add(a8, a9), L.Add(a10, a11))), sink);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Sum(float* from, long length, float* sink)
    {
        TF a0 = L.Broadcast(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (long i = 0; i < length; i += 8 * L.Count)
        {
            a0 = L.Add(a0, L.Load(from + i));
            a1 = L.Add(a1, L.Load(from + i + L.Count));
            a2 = L.Add(a2, L.Load(from + i + 2 * L.Count));
            a3 = L.Add(a3, L.Load(from + i + 3 * L.Count));
            a4 = L.Add(a4, L.Load(from + i + 4 * L.Count));
            a5 = L.Add(a5, L.Load(from + i + 5 * L.Count));
            a6 = L.Add(a6, L.Load(from + i + 6 * L.Count));
            a7 = L.Add(a7, L.Load(from + i + 7 * L.Count));
        }
        L.Store(L.Add(L.Add(L.Add(a0, a1), L.Add(a2, a3)), L.Add(L.Add(a4, a5), L.Add(a6, a7))), sink);
    }
}
