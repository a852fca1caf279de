using System.Globalization;
using System.Text.Json;
using CsCheck;
using Evolute.Noise;
using Evolute.Numerics;

namespace Evolute.Tests.Noise;

public unsafe class NormalsTests
{
    public static TheoryData<int> Widths => [1, 4, 8, 16];

    [Fact]
    public void Philox_gives_the_known_answers()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Block(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Every_golden_vector_holds_at_every_width(int lanes)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "noise-v1.json")));
        NormalKernel kernel = NormalKernel.OfWidth(lanes);
        int rows = 0;
        foreach (JsonElement row in golden.RootElement.EnumerateArray())
        {
            NoiseKey key = NoiseKey.Of(row.GetProperty("seed").GetUInt64(), row.GetProperty("iteration").GetUInt32(), row.GetProperty("pair").GetUInt32(), NoiseDomain.Perturbation);
            ulong tensor = TensorId.Of(row.GetProperty("tensor").GetString()!);
            long element = row.GetProperty("element").GetInt64();
            uint bits = uint.Parse(row.GetProperty("bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            float normal;
            kernel.Fill(key, tensor, element, &normal, 1);
            Assert.Equal(bits, BitConverter.SingleToUInt32Bits(normal));
            Assert.Equal(bits, BitConverter.SingleToUInt32Bits(Normals.At(key, tensor, element)));
            rows++;
        }
        Assert.Equal(1296, rows);
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_range_equals_the_scalar_definition_element_by_element(int lanes)
    {
        NormalKernel kernel = NormalKernel.OfWidth(lanes);
        var ranges = Gen.Select(Gen.ULong, Gen.UInt, Gen.ULong, Gen.OneOf(Gen.Long[0, 200], Gen.Long[(1L << 34) - 700, (1L << 34) + 700], Gen.Long[(1L << 37) - 700, (1L << 37) + 700]), Gen.Int[1, 700]);
        ranges.Sample((seed, pair, tensor, start, count) =>
        {
            NoiseKey key = NoiseKey.Of(seed, 3, pair, NoiseDomain.Perturbation);
            float[] many = new float[count];
            fixed (float* p = many) kernel.Fill(key, tensor, start, p, count);
            for (int i = 0; i < count; i += 37)
                Assert.Equal(BitConverter.SingleToUInt32Bits(Normals.At(key, tensor, start + i)), BitConverter.SingleToUInt32Bits(many[i]));
        }, iter: 60);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Adding_scaled_normals_is_one_fused_multiply_add(int lanes)
    {
        NoiseKey key = NoiseKey.Of(7, 1, 2, NoiseDomain.Perturbation);
        float[] weights = Enumerable.Range(0, 1357).Select(i => MathF.Sin(i)).ToArray();
        float[] perturbed = new float[weights.Length];
        fixed (float* w = weights, p = perturbed)
            NormalKernel.OfWidth(lanes).AddScaled(key, 99, 45, -0.01f, w, p, weights.Length);
        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(FusedMultiplyAdd.Of(-0.01f, Normals.At(key, 99, 45 + i), weights[i]), perturbed[i]);
    }

    [Fact]
    public void Emulated_fused_multiply_add_equals_the_hardware()
    {
        Gen<float> any = Gen.OneOf(Gen.UInt.Select(BitConverter.UInt32BitsToSingle), Gen.Float[-2f, 2f], Gen.Float[-1e-38f, 1e-38f]);
        Gen.Select(any, any, any).Sample((a, b, c) =>
        {
            float expected = MathF.FusedMultiplyAdd(a, b, c), emulated = FusedMultiplyAdd.Emulated(a, b, c);
            Assert.True(float.IsNaN(expected) ? float.IsNaN(emulated) : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(emulated),
                $"fma({a:R}, {b:R}, {c:R}) = {expected:R}, emulated {emulated:R}");
        }, iter: 300_000);
        // A tie that a double rounding gets wrong: the exact sum lies just beside the midpoint of two float32.
        float x = 1 + MathF.ScaleB(1, -12);
        Assert.Equal(MathF.FusedMultiplyAdd(x, x, MathF.ScaleB(1, -60)), FusedMultiplyAdd.Emulated(x, x, MathF.ScaleB(1, -60)));
    }

    [Fact]
    public void Members_differ_in_every_part_of_their_key()
    {
        var keys = new HashSet<NoiseKey>();
        for (uint iteration = 0; iteration < 20; iteration++)
            for (uint pair = 0; pair < 20; pair++)
                foreach (NoiseDomain domain in Enum.GetValues<NoiseDomain>())
                    foreach (ulong seed in (ulong[])[0, 1, 1ul << 32])
                        Assert.True(keys.Add(NoiseKey.Of(seed, iteration, pair, domain)));
    }
}
