using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Evolute.Numerics;

namespace Evolute.Noise;

/// <summary>The normals at one vector width; all widths give the same bits.</summary>
internal abstract unsafe class NormalKernel
{
    /// <summary>The width that suits this machine.</summary>
    public static NormalKernel Best { get; } = OfWidth(VectorWidth.Best);

    public static NormalKernel OfWidth(int lanes) => lanes switch
    {
        1 => new NormalKernel<Lanes1, float, uint>(),
        4 => new NormalKernel<Lanes4, Vector128<float>, Vector128<uint>>(),
        8 => new NormalKernel<Lanes8, Vector256<float>, Vector256<uint>>(),
        16 => new NormalKernel<Lanes16, Vector512<float>, Vector512<uint>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes)),
    };

    public abstract void Fill(NoiseKey key, ulong tensor, long start, float* destination, long count);

    public abstract void AddScaled(NoiseKey key, ulong tensor, long start, float scale, float* source, float* destination, long count);
}

/// <inheritdoc/>
internal sealed unsafe class NormalKernel<L, TF, TU> : NormalKernel
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int Block = 32;

    /// <summary>Elements that the kernel makes together: a block, or two with 16 lanes.</summary>
    private static int Group
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.Count == 16 ? 2 * Block : Block;
    }

    public override void Fill(NoiseKey key, ulong tensor, long start, float* destination, long count) =>
        Run(key, tensor, start, 0, null, destination, count);

    public override void AddScaled(NoiseKey key, ulong tensor, long start, float scale, float* source, float* destination, long count) =>
        Run(key, tensor, start, scale, source, destination, count);

    /// <summary>Whole groups go straight to their places, what is broken off at the ends through a buffer; without a source the normals as they are.</summary>
    [SkipLocalsInit]
    private static void Run(NoiseKey key, ulong tensor, long start, float scale, float* source, float* destination, long count)
    {
        float* normals = stackalloc float[2 * Block];
        for (long done = 0; done < count;)
        {
            long element = start + done, first = element / Block * Block, ahead = ToNextHighWord(first);
            int skip = (int)(element - first);
            float* s = source == null ? null : source + done, d = destination + done;
            long n = skip == 0 ? Math.Min(count - done, ahead) / Group * Group : 0;
            if (n > 0)
            {
                Groups(key, tensor, first, n, scale, s, d);
            }
            else
            {
                n = Math.Min(count - done, Math.Min(Group, ahead) - skip);
                if (ahead >= Group) Groups(key, tensor, first, Group, 0, null, normals);
                else for (int i = 0; i < Block; i++) normals[i] = Normals.At(key, tensor, first + i);
                for (int i = 0; i < n; i++) d[i] = s == null ? normals[skip + i] : FusedMultiplyAdd.Of(scale, normals[skip + i], s[i]);
            }
            done += n;
        }
    }

    /// <summary>Elements from a block's first on whose counters share its high word: up to a multiple of 2³⁴.</summary>
    private static long ToNextHighWord(long first) => (1L << 34) - (first & ((1L << 34) - 1));

    /// <summary>
    /// Normals of whole groups whose counters share their high word. A round of Philox and then Box–Muller in one pass: nothing that lives through the rounds may
    /// be alive at a call, or the JIT keeps it in memory.
    /// </summary>
    private static void Groups(NoiseKey key, ulong tensor, long first, long count, float scale, float* source, float* destination)
    {
        TU t0 = L.BroadcastU((uint)tensor), t1 = L.BroadcastU((uint)(tensor >> 32)), iota = L.Iota;
        TF scales = L.Broadcast(scale);
        ulong counter = (ulong)first / Block * 8;
        TU high = L.BroadcastU((uint)(counter >> 32));
        for (long at = 0; at < count; at += Group)
        {
            for (int lane = 0; lane < 8; lane += L.Count)
            {
                TU c0 = L.AddU(L.BroadcastU((uint)counter + (uint)lane), iota), c1 = high, c2 = t0, c3 = t1;
                uint k0 = key.Low, k1 = key.High;
                for (int round = 0; round < Philox.Rounds; round++)
                {
                    Philox.Round<L, TF, TU>(ref c0, ref c1, ref c2, ref c3, k0, k1);
                    k0 += Philox.Weyl0;
                    k1 += Philox.Weyl1;
                }
                BoxMuller.Transform<L, TF, TU>(c0, c1, out TF z0, out TF z1);
                BoxMuller.Transform<L, TF, TU>(c2, c3, out TF z2, out TF z3);
                float* d = destination + at + lane;
                if (source != null)
                {
                    float* s = source + at + lane;
                    z0 = L.Fma(scales, z0, L.LoadCounters(s));
                    z1 = L.Fma(scales, z1, L.LoadCounters(s + 8));
                    z2 = L.Fma(scales, z2, L.LoadCounters(s + 16));
                    z3 = L.Fma(scales, z3, L.LoadCounters(s + 24));
                }
                L.StoreCounters(z0, d);
                L.StoreCounters(z1, d + 8);
                L.StoreCounters(z2, d + 16);
                L.StoreCounters(z3, d + 24);
            }
            counter += (ulong)Group / 4;
        }
    }
}
