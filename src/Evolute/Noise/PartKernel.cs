using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Evolute.Numerics;

namespace Evolute.Noise;

/// <summary>The noise of one part of a subspace at one vector width; all widths give the same bits.</summary>
internal abstract unsafe class PartKernel
{
    /// <summary>The width that suits this machine.</summary>
    public static PartKernel Best { get; } = OfWidth(VectorWidth.Best);

    public static PartKernel OfWidth(int lanes) => lanes switch
    {
        1 => new PartKernel<Lanes1, float, uint>(),
        4 => new PartKernel<Lanes4, Vector128<float>, Vector128<uint>>(),
        8 => new PartKernel<Lanes8, Vector256<float>, Vector256<uint>>(),
        16 => new PartKernel<Lanes16, Vector512<float>, Vector512<uint>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes)),
    };

    public abstract void AddScaled(in NoiseSource noise, ulong tensor, long start, float scale, float* source, float* destination, long count);
}

/// <inheritdoc/>
internal sealed unsafe class PartKernel<L, TF, TU> : PartKernel
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    /// <summary>Elements dealt out together, two blocks of the noise definition, and those made together.</summary>
    private const int Group = 64, Chunk = 1024;

    private readonly NormalKernel _normals = NormalKernel.OfWidth(L.Count);

    [SkipLocalsInit]
    public override void AddScaled(in NoiseSource noise, ulong tensor, long start, float scale, float* source, float* destination, long count)
    {
        float* normals = stackalloc float[Chunk];
        long end = start + count;
        for (long first = start / Group * Group; first < end; first += Chunk)
        {
            int made = (int)Math.Min(Chunk, (end - first + Group - 1) / Group * Group);
            _normals.Fill(noise.Key, tensor, first, normals, made);
            for (int at = 0; at < made; at += Group) KeepPart(noise, tensor, first + at, normals + at);
            int skip = (int)Math.Max(0, start - first), n = (int)Math.Min(made, end - first) - skip;
            long place = first + skip - start;
            Add(scale, normals + skip, source + place, destination + place, n);
        }
    }

    /// <summary>Puts 0 where an element is of another part.</summary>
    private static void KeepPart(in NoiseSource noise, ulong tensor, long first, float* normals)
    {
        ulong counter = (ulong)first / 32 * 8;
        TU parts = L.BroadcastU((uint)noise.Kind.Parts), part = L.BroadcastU(noise.Part), one = L.BroadcastU(1);
        TF zero = L.Broadcast(0);
        for (int lane = 0; lane < 16; lane += L.Count)
        {
            TU c0 = L.AddU(L.BroadcastU((uint)counter + (uint)lane), L.Iota), c1 = L.BroadcastU((uint)(counter >> 32));
            TU c2 = L.BroadcastU((uint)tensor), c3 = L.BroadcastU((uint)(tensor >> 32));
            uint k0 = noise.PartKey.Low, k1 = noise.PartKey.High;
            for (int round = 0; round < Philox.Rounds; round++)
            {
                Philox.Round<L, TF, TU>(ref c0, ref c1, ref c2, ref c3, k0, k1);
                k0 += Philox.Weyl0;
                k1 += Philox.Weyl1;
            }
            float* at = normals + lane / 8 * 32 + lane % 8;
            Keep(c0, at);
            Keep(c1, at + 8);
            Keep(c2, at + 16);
            Keep(c3, at + 24);
        }

        void Keep(TU word, float* at)
        {
            L.MultiplyWide(word, parts, out TU own, out _);
            // Only 0 − 1 has the top bit: parts are few.
            TU mask = L.SubtractU(L.Xor(own, part), one);
            L.StoreCounters(L.SelectByTopBit(mask, L.LoadCounters(at), zero), at);
        }
    }

    private static void Add(float scale, float* normals, float* source, float* destination, int n)
    {
        TF scales = L.Broadcast(scale);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count) L.Store(L.Fma(scales, L.Load(normals + i), L.Load(source + i)), destination + i);
        for (; i < n; i++) destination[i] = FusedMultiplyAdd.Of(scale, normals[i], source[i]);
    }
}
