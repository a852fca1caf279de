using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Models;

namespace Evolute.Tests.Engines;

/// <summary>Working copies in bfloat16: the same arithmetic on matrices rounded once.</summary>
public class PackedTypeTests
{
    private static readonly int[] Ids = [.. Enumerable.Range(0, 40).Select(i => i * 7 % 60)];

    [Theory]
    [InlineData("qwen2", 1)]
    [InlineData("qwen2", 4)]
    [InlineData("qwen2", 8)]
    [InlineData("qwen2", 16)]
    [InlineData("gemma2", 16)]
    [InlineData("mixtral", 8)]
    public void Bfloat16_copies_compute_what_float32_copies_of_rounded_matrices_do(string family, int lanes)
    {
        ModelSpec spec = ConfiguredModel.Spec(family, ("tie_word_embeddings", "true"), ("hidden_size", "40"));
        Perturbation member = new(3, 1, 2);
        const float sigma = 0.05f;
        using CpuEngine packed = new(spec, TinyModel.Weights(spec), 1, CpuKernels.OfWidth(lanes), sideBySide: null, PackedType.Bfloat16);
        using CpuEngine rounded = new(spec, Rounded(TinyModel.Weights(spec), member, sigma), 1);
        Assert.Equal(
            GoldenModel.Logits(rounded, Ids).SelectMany(GoldenModel.Bits),
            GoldenModel.Logits(packed, Ids, member, sigma).SelectMany(GoldenModel.Bits));
        using CpuEngine plain = new(spec, TinyModel.Weights(spec), 1);
        Assert.NotEqual(GoldenModel.Bits(GoldenModel.Logits(plain, Ids, member, sigma)[^1]), GoldenModel.Bits(GoldenModel.Logits(packed, Ids, member, sigma)[^1]));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 1)]
    [InlineData(13, 3)]
    public void Steps_of_any_size_give_the_same_bits(int rows, int threads)
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2");
        using CpuEngine whole = new(spec, TinyModel.Weights(spec), 1, PackedType.Bfloat16);
        using CpuEngine parts = new(spec, TinyModel.Weights(spec), threads, CpuKernels.Best, sideBySide: false, PackedType.Bfloat16);
        List<float[]> expected = GoldenModel.Logits(whole, Ids), actual = [];
        parts.Reserve(1, Ids.Length, rows);
        parts.Prepare(0, null, 0);
        StepBatch batch = new(rows);
        for (int first = 0; first < Ids.Length; first += rows)
        {
            batch.Clear();
            for (int i = first; i < Math.Min(first + rows, Ids.Length); i++) batch.Add(Ids[i], 0, i, RowOutput.Logits);
            parts.Step(0, batch);
            actual.AddRange(batch.Logits);
        }
        Assert.Equal(expected.SelectMany(GoldenModel.Bits), actual.SelectMany(GoldenModel.Bits));
    }

    [Fact]
    public void Half_the_working_copy()
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2");
        Assert.Equal(CpuMemory.Of(spec, 1).WorkingCopy, 2 * CpuMemory.Of(spec, 1, PackedType.Bfloat16).WorkingCopy);
    }

    /// <summary>The member's weights, matrices rounded to bfloat16.</summary>
    private static unsafe WeightTable Rounded(WeightTable weights, Perturbation member, float sigma)
    {
        foreach (WeightTensor tensor in weights.Tensors)
        {
            Normals.AddScaled(member.Key, tensor.NoiseId, 0, sigma, tensor.Pointer, tensor.Pointer, tensor.Length);
            if (tensor.Shape.Count == 1) continue;
            ushort[] bits = new ushort[tensor.Length];
            FloatConversion.ToBFloat16(tensor.Span, bits);
            FloatConversion.FromBFloat16(bits, tensor.Span);
        }
        return weights;
    }
}
