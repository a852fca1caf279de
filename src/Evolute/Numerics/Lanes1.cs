using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Evolute.Numerics;

/// <summary>One lane: plain scalars, the reference that the vectors are checked against.</summary>
internal readonly unsafe struct Lanes1 : ILanes<float, uint>
{
    public static int Count => 1;

    public static uint Iota => 0;

    public static float Load(float* p) => *p;

    public static void Store(float v, float* p) => *p = v;

    public static float LoadBFloat16(ushort* p) => BitConverter.UInt32BitsToSingle((uint)*p << 16);

    public static float Broadcast(float x) => x;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float SquareRoot(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fma(float a, float b, float c) => FusedMultiplyAdd.Of(a, b, c);

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Min(float a, float b) => a < b ? a : b;

    public static float ZeroWhereBelow(float x, float bound, float y) => x < bound ? 0 : y;

    public static uint LoadU(uint* p) => *p;

    public static void StoreU(uint v, uint* p) => *p = v;

    public static uint BroadcastU(uint x) => x;

    public static uint AddU(uint a, uint b) => a + b;

    public static uint SubtractU(uint a, uint b) => a - b;

    public static uint And(uint a, uint b) => a & b;

    public static uint Xor(uint a, uint b) => a ^ b;

    public static uint ShiftLeft(uint a, [ConstantExpected] byte bits) => a << bits;

    public static uint ShiftRight(uint a, [ConstantExpected] byte bits) => a >> bits;

    public static uint ShiftRightSigned(uint a, [ConstantExpected] byte bits) => (uint)((int)a >> bits);

    public static void MultiplyWide(uint a, uint b, out uint high, out uint low)
    {
        ulong product = (ulong)a * b;
        high = (uint)(product >> 32);
        low = (uint)product;
    }

    public static float ToSingle(uint a) => (int)a;

    public static uint BitsOf(float a) => BitConverter.SingleToUInt32Bits(a);

    public static float OfBits(uint a) => BitConverter.UInt32BitsToSingle(a);

    public static float SelectByTopBit(uint mask, float ifSet, float ifClear) => (int)mask < 0 ? ifSet : ifClear;

    public static float LoadCounters(float* p) => *p;

    public static void StoreCounters(float v, float* p) => *p = v;
}
