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
    /// float32 to bfloat16, rounded to nearest, ties to even; infinity where a finite value is too large. No NaN may be among them.
    /// </summary>
    public static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(source);
        for (int i = 0; i < bits.Length; i++)
            // Half an ulp less one, plus one if the kept part is odd, carries into the kept part exactly when rounding up.
            target[i] = (ushort)((bits[i] + 0x7FFF + ((bits[i] >> 16) & 1)) >> 16);
    }

    /// <summary>float32 to binary16, rounded to nearest, ties to even; infinity where a finite value is too large.</summary>
    public static void ToFloat16(ReadOnlySpan<float> source, Span<ushort> target)
    {
        for (int i = 0; i < source.Length; i++) target[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
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
