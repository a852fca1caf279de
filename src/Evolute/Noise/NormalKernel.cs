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
/// <remarks>
/// Two passes over a buffer that stays in the first-level cache: Philox words first, then Box–Muller in place. The two have different
/// bottlenecks (multiplier, FMA chain), and apart each keeps its operands in registers.
/// </remarks>
internal sealed unsafe class NormalKernel<L, TF, TU> : NormalKernel
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int Block = 32;
    private const int Chunk = 512;

    public override void Fill(NoiseKey key, ulong tensor, long start, float* destination, long count)
    {
        uint* buffer = stackalloc uint[Chunk];
        for (long done = 0; done < count;)
        {
            long n = NextChunk(key, tensor, start + done, count - done, buffer, out float* normals);
            Buffer.MemoryCopy(normals, destination + done, n * sizeof(float), n * sizeof(float));
            done += n;
        }
    }

    public override void AddScaled(NoiseKey key, ulong tensor, long start, float scale, float* source, float* destination, long count)
    {
        uint* buffer = stackalloc uint[Chunk];
        TF scales = L.Broadcast(scale);
        for (long done = 0; done < count;)
        {
            long n = NextChunk(key, tensor, start + done, count - done, buffer, out float* normals);
            float* s = source + done, d = destination + done;
            long i = 0;
            for (; i + L.Count <= n; i += L.Count) L.Store(L.Fma(scales, L.Load(normals + i), L.Load(s + i)), d + i);
            for (; i < n; i++) d[i] = FusedMultiplyAdd.Of(scale, normals[i], s[i]);
            done += n;
        }
    }

    /// <summary>The normals from <paramref name="element"/> on, up to the end of a chunk of the buffer; returns how many.</summary>
    private static long NextChunk(NoiseKey key, ulong tensor, long element, long wanted, uint* buffer, out float* normals)
    {
        long first = element / Block * Block;
        int skip = (int)(element - first);
        int words = (int)Math.Min(Chunk, (wanted + skip + Block - 1) / Block * Block);
        // 16 lanes take two blocks at once; the buffer has room for the one too many.
        int whole = L.Count == 16 ? (words + 2 * Block - 1) / (2 * Block) * (2 * Block) : words;
        Words(key, tensor, first, buffer, whole);
        Transform(buffer, whole);
        normals = (float*)buffer + skip;
        return Math.Min(wanted, words - skip);
    }

    /// <summary>Philox words of the blocks from element <paramref name="first"/> on: per block words 0 of its 8 counters, then words 1, 2, 3.</summary>
    private static void Words(NoiseKey key, ulong tensor, long first, uint* buffer, int count)
    {
        TU t0 = L.BroadcastU((uint)tensor), t1 = L.BroadcastU((uint)(tensor >> 32));
        int stride = L.Count == 16 ? 2 * Block : Block;
        for (int at = 0; at < count; at += stride)
        {
            ulong counter = (ulong)(first + at) / Block * 8;
            for (int lane = 0; lane < 8; lane += L.Count)
            {
                // A block's 8 counters share their high word; with 16 lanes the second block may have another one.
                TU c0 = L.AddU(L.BroadcastU((uint)counter + (uint)lane), L.Iota), c1 = High(counter);
                TU c2 = t0, c3 = t1;
                uint k0 = key.Low, k1 = key.High;
                for (int round = 0; round < Philox.Rounds; round++)
                {
                    Philox.Round<L, TF, TU>(ref c0, ref c1, ref c2, ref c3, k0, k1);
                    k0 += Philox.Weyl0;
                    k1 += Philox.Weyl1;
                }
                float* to = (float*)buffer + at + lane;
                L.StoreCounters(L.OfBits(c0), to);
                L.StoreCounters(L.OfBits(c1), to + 8);
                L.StoreCounters(L.OfBits(c2), to + 16);
                L.StoreCounters(L.OfBits(c3), to + 24);
            }
        }
    }

    /// <summary>The counters' high word per lane: with 16 lanes the second block may lie past a multiple of 2³².</summary>
    private static TU High(ulong counter)
    {
        uint low = (uint)(counter >> 32), high = (uint)((counter + 8) >> 32);
        if (L.Count < 16 || low == high) return L.BroadcastU(low);
        uint* words = stackalloc uint[16];
        for (int i = 0; i < 16; i++) words[i] = i < 8 ? low : high;
        return L.LoadU(words);
    }

    private static void Transform(uint* buffer, int count)
    {
        int stride = L.Count == 16 ? 2 * Block : Block;
        for (int at = 0; at < count; at += stride)
            for (int lane = 0; lane < 8; lane += L.Count)
            {
                float* p = (float*)buffer + at + lane;
                Pair(p);
                Pair(p + 16);
            }

        static void Pair(float* p)
        {
            BoxMuller.Transform<L, TF, TU>(L.BitsOf(L.LoadCounters(p)), L.BitsOf(L.LoadCounters(p + 8)), out TF z0, out TF z1);
            L.StoreCounters(z0, p);
            L.StoreCounters(z1, p + 8);
        }
    }
}
