using CsCheck;
using Evolute.Models;

namespace Evolute.Tests.Models;

public class FloatConversionTests
{
    private static readonly ushort[] All16 = [.. Enumerable.Range(0, 65_536).Select(i => (ushort)i)];

    // Bits of all kinds, with those near where rounding turns drawn as often as the others.
    private static readonly Gen<float> Any = Gen.OneOf(
        Gen.UInt,
        Gen.Select(Gen.UInt[0, 0xFFFF], Gen.Int[-2, 2], (upper, step) => (upper << 16) + 0x8000 + (uint)step),
        Gen.Select(Gen.UInt[0, 0x7FFFF], Gen.Int[-2, 2], (upper, step) => (upper << 13) + 0x1000 + (uint)step),
        Gen.UInt[0x33000000 - 4, 0x38800000 + 4],
        Gen.UInt[0x477FE000, 0x47800010],
        Gen.UInt[0x7F7F0000, 0x7F810000]).Select(BitConverter.UInt32BitsToSingle);

    [Fact]
    public void Every_bfloat16_widens_to_its_value_and_comes_back()
    {
        float[] wide = new float[All16.Length];
        FloatConversion.FromBFloat16(All16, wide);
        ushort[] back = new ushort[All16.Length];
        FloatConversion.ToBFloat16(wide, back);
        for (int i = 0; i < All16.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(wide[i]));
            Assert.Equal(float.IsNaN(wide[i]) ? i | 0x40 : i, back[i]);
        }
    }

    [Fact]
    public void Every_binary16_widens_to_its_value_and_comes_back()
    {
        float[] wide = new float[All16.Length];
        FloatConversion.FromFloat16(All16, wide);
        ushort[] back = new ushort[All16.Length];
        FloatConversion.ToFloat16(wide, back);
        for (int i = 0; i < All16.Length; i++)
        {
            Half half = BitConverter.UInt16BitsToHalf((ushort)i);
            if (Half.IsNaN(half)) Assert.True(float.IsNaN(wide[i]) && Half.IsNaN(BitConverter.UInt16BitsToHalf(back[i])));
            else Assert.Equal((BitConverter.SingleToUInt32Bits((float)half), i), (BitConverter.SingleToUInt32Bits(wide[i]), back[i]));
        }
    }

    [Theory]
    [InlineData(StoredType.BF16)]
    [InlineData(StoredType.F16)]
    public void Narrowing_rounds_to_the_nearest_and_ties_to_even(StoredType type)
    {
        double[] values = Magnitudes(type);
        ushort[] narrow = new ushort[37];
        Any.Array[1, narrow.Length].Sample(source =>
        {
            FloatConversion.To16Bits(source, narrow, type);
            for (int i = 0; i < source.Length; i++)
            {
                if (float.IsNaN(source[i])) Assert.True((narrow[i] & 0x7FFF) > values.Length - 1, $"NaN became {narrow[i]:x4}");
                else Assert.Equal(Nearest(values, source[i]), narrow[i]);
            }
        }, iter: 20_000, threads: 1);
    }

    [Theory]
    [InlineData(StoredType.F32)]
    [InlineData(StoredType.BF16)]
    [InlineData(StoredType.F16)]
    public void The_scan_finds_the_first_value_that_the_type_cannot_hold(StoredType type)
    {
        Gen.OneOf(Any, Gen.Float[-2, 2]).Array[0, 40].Sample(values =>
            Assert.Equal(Array.FindIndex(values, v => !Holds(v, type)), FiniteScan.FirstBeyond(values, type)), iter: 20_000);
    }

    [Fact]
    public void A_short_target_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FloatConversion.ToBFloat16(new float[3], new ushort[2]));
        Assert.Throws<ArgumentException>(() => FloatConversion.ToFloat16(new float[3], new ushort[2]));
        Assert.Throws<ArgumentException>(() => FloatConversion.FromBFloat16(new ushort[3], new float[2]));
    }

    private static bool Holds(float value, StoredType type)
    {
        if (type == StoredType.F32 || !float.IsFinite(value)) return float.IsFinite(value);
        return Nearest(Magnitudes(type), value) % 0x8000 < Magnitudes(type).Length - 1;
    }

    /// <summary>The bits of the value nearest to a number, found by its distance from both neighbours.</summary>
    private static ushort Nearest(double[] values, float number)
    {
        double magnitude = Math.Abs((double)number);
        int above = Array.BinarySearch(values, magnitude);
        if (above < 0) above = ~above;
        if (above == values.Length) above--;
        int below = above == 0 || values[above] <= magnitude ? above : above - 1;
        double up = values[above] - magnitude, down = magnitude - values[below];
        int nearest = down < up || (down == up && below % 2 == 0) ? below : above;
        return (ushort)(nearest | (float.IsNegative(number) ? 0x8000 : 0));
    }

    private static readonly double[] BFloat16Magnitudes = Values(0x7F80, bits => BitConverter.UInt32BitsToSingle(bits << 16), Math.ScaleB(1, 128));
    private static readonly double[] Float16Magnitudes = Values(0x7C00, bits => (double)BitConverter.UInt16BitsToHalf((ushort)bits), 65_536);

    private static double[] Magnitudes(StoredType type) => type == StoredType.BF16 ? BFloat16Magnitudes : Float16Magnitudes;

    /// <summary>Every magnitude by its bits; infinity stands where the next value would, as it does in rounding.</summary>
    private static double[] Values(uint infinity, Func<uint, double> of, double next)
    {
        double[] values = new double[infinity + 1];
        for (uint bits = 0; bits < infinity; bits++) values[bits] = of(bits);
        values[infinity] = next;
        return values;
    }
}
