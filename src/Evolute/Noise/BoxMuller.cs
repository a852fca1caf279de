using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Noise;

/// <summary>
/// Two uniform words to two standard normals (Box and Muller, 1958), noise definition version 1: integer operations, additions, multiplications, FMA
/// and square roots only, in a fixed order, so that every machine gives the same bits. Polynomials are those of the Cephes library.
/// </summary>
internal static class BoxMuller
{
    // ln(1 + t) = t + t²·(−½ + t·P(t)) for √½ ≤ 1 + t < √2.
    private const float P0 = 7.0376836292E-2f, P1 = -1.1514610310E-1f, P2 = 1.1676998740E-1f, P3 = -1.2420140846E-1f, P4 = 1.4249322787E-1f;
    private const float P5 = -1.6668057665E-1f, P6 = 2.0000714765E-1f, P7 = -2.4999993993E-1f, P8 = 3.3333331174E-1f;

    // sin x = x + x³·S(x²) and cos x = 1 − x²/2 + x⁴·C(x²) for 0 ≤ x < π/4.
    private const float S0 = -1.6666654611E-1f, S1 = 8.3321608736E-3f, S2 = -1.9515295891E-4f;
    private const float C0 = 4.166664568298827E-2f, C1 = -1.388731625493765E-3f, C2 = 2.443315711809948E-5f;

    private const float Ln2 = 0.693147180559945f;
    private const float EighthTurn = (float)(Math.PI / 4 / (1 << 29));
    private const uint HalfRootBits = 0x3f3504f3; // √½ as float32

    /// <summary>
    /// Radius from <paramref name="w0"/>: u = (⌊w0/2⌋ + ½)·2⁻³¹, r = √(−2 ln u). Angle from <paramref name="w1"/>: its low 29 bits within an
    /// eighth of a turn; bit 31 swaps sine and cosine, bits 30 and 29 are the signs of the two normals.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform<L, TF, TU>(TU w0, TU w1, out TF z0, out TF z1)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged
    {
        TF f = L.Add(L.ToSingle(L.ShiftRight(w0, 1)), L.Broadcast(0.5f));
        TU split = L.SubtractU(L.BitsOf(f), L.BroadcastU(HalfRootBits));
        TF e = L.Subtract(L.ToSingle(L.ShiftRightSigned(split, 23)), L.Broadcast(31f));
        TF t = L.Subtract(L.OfBits(L.AddU(L.And(split, L.BroadcastU(0x7fffff)), L.BroadcastU(HalfRootBits))), L.Broadcast(1f));
        TF t2 = L.Multiply(t, t), t4 = L.Multiply(t2, t2);

        // Estrin's scheme: a shorter chain than Horner's.
        TF q0 = L.Fma(L.Broadcast(P8), t, L.Broadcast(-0.5f));
        TF q1 = L.Fma(L.Broadcast(P6), t, L.Broadcast(P7));
        TF q2 = L.Fma(L.Broadcast(P4), t, L.Broadcast(P5));
        TF q3 = L.Fma(L.Broadcast(P2), t, L.Broadcast(P3));
        TF q4 = L.Fma(L.Broadcast(P0), t, L.Broadcast(P1));
        TF r0 = L.Fma(q1, t2, q0), r1 = L.Fma(q3, t2, q2);
        TF y = L.Fma(L.Fma(q4, t4, r1), t4, r0);
        TF ln = L.Fma(e, L.Broadcast(Ln2), L.Fma(y, t2, t));
        TF radius = L.SquareRoot(L.Multiply(L.Broadcast(-2f), ln));

        TF x = L.Multiply(L.ToSingle(L.And(w1, L.BroadcastU(0x1fffffff))), L.Broadcast(EighthTurn));
        TF xx = L.Multiply(x, x);
        TF s = L.Fma(L.Fma(L.Broadcast(S2), xx, L.Broadcast(S1)), xx, L.Broadcast(S0));
        s = L.Fma(L.Multiply(s, xx), x, x);
        TF c = L.Fma(L.Fma(L.Broadcast(C2), xx, L.Broadcast(C1)), xx, L.Broadcast(C0));
        c = L.Fma(L.Fma(c, xx, L.Broadcast(-0.5f)), xx, L.Broadcast(1f));

        TU sign = L.BroadcastU(0x80000000);
        TF a = L.Multiply(radius, L.SelectByTopBit(w1, s, c));
        TF b = L.Multiply(radius, L.SelectByTopBit(w1, c, s));
        z0 = L.OfBits(L.Xor(L.And(L.ShiftLeft(w1, 1), sign), L.BitsOf(a)));
        z1 = L.OfBits(L.Xor(L.And(L.ShiftLeft(w1, 2), sign), L.BitsOf(b)));
    }
}
