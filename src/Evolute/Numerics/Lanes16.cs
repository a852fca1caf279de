using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Evolute.Numerics;

/// <summary>16 lanes: 512-bit vectors, in hardware or in the runtime's software form.</summary>
internal readonly unsafe struct Lanes16 : ILanes<Vector512<float>, Vector512<uint>>
{
    public static int Count => 16;

    public static Vector512<uint> Iota => Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> v, float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16(ushort* p) => Avx512F.IsSupported
        ? (Avx512F.ConvertToVector512Int32(Vector256.Load(p)) << 16).AsSingle()
        : Vector512.Create(Lanes8.LoadBFloat16(p), Lanes8.LoadBFloat16(p + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SquareRoot(Vector512<float> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.IsSupported
        ? Avx512F.FusedMultiplyAdd(a, b, c)
        : Vector512.Create(Lanes8.Fma(a.GetLower(), b.GetLower(), c.GetLower()), Lanes8.Fma(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.Max(a, b) : Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Avx512F.IsSupported ? Avx512F.Min(a, b) : Vector512.ConditionalSelect(Vector512.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ZeroWhereBelow(Vector512<float> x, Vector512<float> bound, Vector512<float> y) => Vector512.AndNot(y, Vector512.LessThan(x, bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadU(uint* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreU(Vector512<uint> v, uint* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> BroadcastU(uint x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddU(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> SubtractU(Vector512<uint> a, Vector512<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> And(Vector512<uint> a, Vector512<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftLeft(Vector512<uint> a, [ConstantExpected] byte bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(Vector512<uint> a, [ConstantExpected] byte bits) => a >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRightSigned(Vector512<uint> a, [ConstantExpected] byte bits) => (a.AsInt32() >> bits).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyWide(Vector512<uint> a, Vector512<uint> b, out Vector512<uint> high, out Vector512<uint> low)
    {
        // Even lanes in place, odd lanes moved down; the halves are then woven together.
        Vector512<ulong> even = MultiplyEven(a, b);
        Vector512<ulong> odd = MultiplyEven((a.AsUInt64() >>> 32).AsUInt32(), (b.AsUInt64() >>> 32).AsUInt32());
        Vector512<ulong> top = Vector512.Create(0xFFFFFFFF00000000ul);
        high = ((even >>> 32) | (odd & top)).AsUInt32();
        low = ((even & ~top) | (odd << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector512<uint> a) => Vector512.ConvertToSingle(a.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> BitsOf(Vector512<float> a) => a.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfBits(Vector512<uint> a) => a.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectByTopBit(Vector512<uint> mask, Vector512<float> ifSet, Vector512<float> ifClear) => Vector512.ConditionalSelect((mask.AsInt32() >> 31).AsSingle(), ifSet, ifClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadCounters(float* p) => Vector512.Create(Vector256.Load(p), Vector256.Load(p + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCounters(Vector512<float> v, float* p)
    {
        v.GetLower().Store(p);
        v.GetUpper().Store(p + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyEven(Vector512<uint> a, Vector512<uint> b) => Avx512F.IsSupported ? Avx512F.Multiply(a, b)
        : (a.AsUInt64() & Vector512.Create(0xFFFFFFFFul)) * (b.AsUInt64() & Vector512.Create(0xFFFFFFFFul));
}
