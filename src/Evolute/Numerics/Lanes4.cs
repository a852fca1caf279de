using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Evolute.Numerics;

/// <summary>4 lanes: 128-bit vectors, in hardware or in the runtime's software form.</summary>
internal readonly unsafe struct Lanes4 : ILanes<Vector128<float>, Vector128<uint>>
{
    public static int Count => 4;

    public static Vector128<uint> Iota => Vector128.Create(0u, 1, 2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* p) => Vector128.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> v, float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16(ushort* p) => (Vector128.Create(p[0], p[1], p[2], (uint)p[3]) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SquareRoot(Vector128<float> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fma(Vector128<float> a, Vector128<float> b, Vector128<float> c) => FusedMultiplyAdd.IsHardware
        ? Vector128.FusedMultiplyAdd(a, b, c)
        : Vector128.Create(
            FusedMultiplyAdd.Emulated(a[0], b[0], c[0]), FusedMultiplyAdd.Emulated(a[1], b[1], c[1]),
            FusedMultiplyAdd.Emulated(a[2], b[2], c[2]), FusedMultiplyAdd.Emulated(a[3], b[3], c[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Max(a, b) : Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Min(a, b) : Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZeroWhereBelow(Vector128<float> x, Vector128<float> bound, Vector128<float> y) => Vector128.AndNot(y, Vector128.LessThan(x, bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadU(uint* p) => Vector128.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreU(Vector128<uint> v, uint* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> BroadcastU(uint x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddU(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> SubtractU(Vector128<uint> a, Vector128<uint> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> And(Vector128<uint> a, Vector128<uint> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftLeft(Vector128<uint> a, [ConstantExpected] byte bits) => a << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(Vector128<uint> a, [ConstantExpected] byte bits) => a >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRightSigned(Vector128<uint> a, [ConstantExpected] byte bits) => (a.AsInt32() >> bits).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyWide(Vector128<uint> a, Vector128<uint> b, out Vector128<uint> high, out Vector128<uint> low)
    {
        // Even lanes in place, odd lanes moved down; the halves are then woven together.
        Vector128<ulong> even = MultiplyEven(a, b);
        Vector128<ulong> odd = MultiplyEven((a.AsUInt64() >>> 32).AsUInt32(), (b.AsUInt64() >>> 32).AsUInt32());
        Vector128<ulong> top = Vector128.Create(0xFFFFFFFF00000000ul);
        high = ((even >>> 32) | (odd & top)).AsUInt32();
        low = ((even & ~top) | (odd << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector128<uint> a) => Vector128.ConvertToSingle(a.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> BitsOf(Vector128<float> a) => a.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> OfBits(Vector128<uint> a) => a.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectByTopBit(Vector128<uint> mask, Vector128<float> ifSet, Vector128<float> ifClear) => Vector128.ConditionalSelect((mask.AsInt32() >> 31).AsSingle(), ifSet, ifClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadCounters(float* p) => Vector128.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreCounters(Vector128<float> v, float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> MultiplyEven(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.Multiply(a, b)
        : (a.AsUInt64() & Vector128.Create(0xFFFFFFFFul)) * (b.AsUInt64() & Vector128.Create(0xFFFFFFFFul));
}
