using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Noise;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011), with Random123's
/// constants: 128 bits of counter and 64 bits of key to 128 random bits, with no state.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>The four words of one counter (c0..c3) under one key (k0, k1).</summary>
    public static (uint W0, uint W1, uint W2, uint W3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>One round on as many counters as <typeparamref name="L"/> has lanes; the key is of that round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Round<L, TF, TU>(ref TU c0, ref TU c1, ref TU c2, ref TU c3, uint k0, uint k1)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged
    {
        L.MultiplyWide(c0, L.BroadcastU(Multiplier0), out TU high0, out TU low0);
        L.MultiplyWide(c2, L.BroadcastU(Multiplier1), out TU high1, out TU low1);
        c0 = L.Xor(L.Xor(high1, c1), L.BroadcastU(k0));
        c2 = L.Xor(L.Xor(high0, c3), L.BroadcastU(k1));
        c1 = low1;
        c3 = low0;
    }
}
