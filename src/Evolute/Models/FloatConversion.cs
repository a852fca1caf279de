using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Evolute.Models;

/// <summary>Conversions between float32 and the 16-bit types of checkpoints.</summary>
internal static class FloatConversion
{
    /// <summary>bfloat16 to float32: exact.</summary>
    public static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        Widen<BFloat16Bits>(source, MemoryMarshal.Cast<float, uint>(target));
    }

    /// <summary>binary16 to float32: exact, subnormals included.</summary>
    public static void FromFloat16(ReadOnlySpan<ushort> source, Span<float> target)
    {
        Widen<Float16Bits>(source, MemoryMarshal.Cast<float, uint>(target));
    }

    /// <summary>
    /// float32 to bfloat16, rounded to nearest, ties to even; infinity where a finite value is too large, and NaN stays NaN.
    /// </summary>
    public static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        if (target.Length < source.Length) throw new ArgumentException("The target is too short.", nameof(target));
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(source);
        int i = 0;
        for (; i <= bits.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = RoundUpper(Vector256.Create(bits[i..]));
            Vector256<uint> high = RoundUpper(Vector256.Create(bits[(i + Vector256<uint>.Count)..]));
            Vector256.Narrow(low, high).CopyTo(target[i..]);
        }
        for (; i < bits.Length; i++) target[i] = (ushort)RoundUpper(Vector256.CreateScalar(bits[i])).ToScalar();
    }

    /// <summary>float32 to binary16, rounded to nearest, ties to even; infinity where a finite value is too large, and NaN stays NaN.</summary>
    public static void ToFloat16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        if (target.Length < source.Length) throw new ArgumentException("The target is too short.", nameof(target));
        for (int i = 0; i < source.Length; i++) target[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
    }

    /// <summary>float32 to one of the two 16-bit types.</summary>
    public static void To16Bits(ReadOnlySpan<float> source, Span<ushort> target, StoredType type)
    {
        if (type == StoredType.BF16) ToBFloat16(source, target);
        else ToFloat16(source, target);
    }

    /// <summary>One of the two 16-bit types to float32.</summary>
    public static void From16Bits(ReadOnlySpan<ushort> source, Span<float> target, StoredType type)
    {
        if (type == StoredType.BF16) FromBFloat16(source, target);
        else FromFloat16(source, target);
    }

    /// <summary>The upper halves of float32 values, rounded.</summary>
    private static Vector256<uint> RoundUpper(Vector256<uint> bits)
    {
        // Half an ulp less one, plus one if the kept part is odd, carries into the kept part exactly when rounding up. A NaN must not
        // carry into the sign or lose its last bit; it is cut and made quiet.
        Vector256<uint> odd = (bits >>> 16) & Vector256<uint>.One;
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + odd) >>> 16;
        Vector256<uint> quiet = (bits >>> 16) | Vector256.Create(0x0040u);
        Vector256<uint> isNumber = Vector256.LessThanOrEqual(bits & Vector256.Create(0x7FFFFFFFu), Vector256.Create(0x7F800000u));
        return Vector256.ConditionalSelect(isNumber, rounded, quiet);
    }

    private interface IBits
    {
        static abstract Vector256<uint> ToFloat32(Vector256<uint> stored);
    }

    private readonly struct BFloat16Bits : IBits
    {
        public static Vector256<uint> ToFloat32(Vector256<uint> stored) => stored << 16;
    }

    private readonly struct Float16Bits : IBits
    {
        public static Vector256<uint> ToFloat32(Vector256<uint> stored)
        {
            Vector256<uint> magnitude = stored & Vector256.Create(0x7FFFu);
            // Exponent and fraction moved to their float32 places are the value times 2^(15 - 127), for subnormals too;
            // the multiplication that undoes it is exact.
            Vector256<float> value = (magnitude << 13).AsSingle() * Vector256.Create(BitConverter.UInt32BitsToSingle((127 + 112) << 23));
            Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u)) & Vector256.Create(0x7F800000u);
            return value.AsUInt32() | special | ((stored & Vector256.Create(0x8000u)) << 16);
        }
    }

    private static void Widen<TBits>(ReadOnlySpan<ushort> source, Span<uint> target) where TBits : IBits
    {
        if (target.Length < source.Length) throw new ArgumentException("The target is too short.", nameof(target));
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(source[i..]));
            TBits.ToFloat32(low).CopyTo(target[i..]);
            TBits.ToFloat32(high).CopyTo(target[(i + Vector256<uint>.Count)..]);
        }
        for (; i < source.Length; i++) target[i] = TBits.ToFloat32(Vector256.CreateScalar((uint)source[i])).ToScalar();
    }
}
