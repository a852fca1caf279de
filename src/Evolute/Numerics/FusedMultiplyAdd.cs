using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using X86Fma = System.Runtime.Intrinsics.X86.Fma;

namespace Evolute.Numerics;

/// <summary>a·b + c rounded once to float32, on any machine.</summary>
internal static class FusedMultiplyAdd
{
    /// <summary>Whether the machine does it in hardware; a constant to the JIT.</summary>
    public static bool IsHardware => X86Fma.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float a, float b, float c) => IsHardware ? MathF.FusedMultiplyAdd(a, b, c) : Emulated(a, b, c);

    /// <summary>
    /// The product of two float32 is exact in float64. The sum is rounded to odd: truncated, and its last bit set if
    /// anything was lost; with more than two spare bits the final rounding to float32 is then the correct one
    /// (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
    /// </summary>
    public static float Emulated(float a, float b, float c)
    {
        double product = (double)a * b;
        double sum = product + c;
        double backC = sum - product;
        double error = (product - (sum - backC)) + (c - backC);
        if (error != 0 && double.IsFinite(sum))
        {
            long bits = BitConverter.DoubleToInt64Bits(sum);
            if ((bits & 1) == 0) bits += (error > 0) == (sum > 0) ? 1 : -1;
            sum = BitConverter.Int64BitsToDouble(bits);
        }
        return (float)sum;
    }
}
