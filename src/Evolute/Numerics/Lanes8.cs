using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using X86Fma = System.Runtime.Intrinsics.X86.Fma;

namespace Evolute.Numerics;

/// <summary>8 lanes: 256-bit vectors, in hardware or in the runtime's software form.</summary>
internal readonly unsafe struct Lanes8 : ILanes<Vector256<float>, Vector256<uint>>
{
    public static int Count => 8;

    public static Vector256<uint> Iota => Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* p) => Vector256.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> v, float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBFloat16(ushort* p) => Avx2.IsSupported
        ? (Avx2.ConvertToVector256Int32(Vector128.Load(p)) << 16).AsSingle()
        : Vector256.Create(Lanes4.LoadBFloat16(p), Lanes4.LoadBFloat16(p + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SquareRoot(Vector256<float> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, Vector256<float> c) => X86Fma.IsSupported
        ? X86Fma.MultiplyAdd(a, b, c)
        : Vector256.Create(Lanes4.Fma(a.GetLower(), b.GetLower(), c.GetLower()), Lanes4.Fma(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.Max(a, b) : Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Avx.IsSupported ? Avx.Min(a, b) : Vector256.ConditionalSelect(Vector256.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ZeroWhereBelow(Vector256<float> x, Vector256<float> bound, Vector256<float> y) => Vector256.AndNot(y, Vector256.LessThan(x, bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadU(uint* p) => Vector256.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreU(Vector256<uint> v, uint* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> BroadcastU(uint x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddU(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> SubtractU(Vector256<uint> a, Vector256<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> And(Vector256<uint> a, Vector256<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftLeft(Vector256<uint> a, [ConstantExpected] byte bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(Vector256<uint> a, [ConstantExpected] byte bits) => a >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRightSigned(Vector256<uint> a, [ConstantExpected] byte bits) => (a.AsInt32() >> bits).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyWide(Vector256<uint> a, Vector256<uint> b, out Vector256<uint> high, out Vector256<uint> low)
    {
        // Even lanes in place, odd lanes moved down; the halves are then woven together.
        Vector256<ulong> even = MultiplyEven(a, b);
        Vector256<ulong> odd = MultiplyEven((a.AsUInt64() >>> 32).AsUInt32(), (b.AsUInt64() >>> 32).AsUInt32());
        Vector256<ulong> top = Vector256.Create(0xFFFFFFFF00000000ul);
        high = ((even >>> 32) | (odd & top)).AsUInt32();
        low = ((even & ~top) | (odd << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector256<uint> a) => Vector256.ConvertToSingle(a.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> BitsOf(Vector256<float> a) => a.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> OfBits(Vector256<uint> a) => a.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectByTopBit(Vector256<uint> mask, Vector256<float> ifSet, Vector256<float> ifClear) => Vector256.ConditionalSelect((mask.AsInt32() >> 31).AsSingle(), ifSet, ifClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadCounters(float* p) => Vector256.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCounters(Vector256<float> v, float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyEven(Vector256<uint> a, Vector256<uint> b) => Avx2.IsSupported ? Avx2.Multiply(a, b)
        : (a.AsUInt64() & Vector256.Create(0xFFFFFFFFul)) * (b.AsUInt64() & Vector256.Create(0xFFFFFFFFul));
}
