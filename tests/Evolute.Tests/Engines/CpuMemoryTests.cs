using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

public class CpuMemoryTests
{
    // An untied embedding is read from the masters, row by row; a tied one is the head's working copy.
    [Theory]
    [InlineData("qwen2_tied"), InlineData("qwen2_untied"), InlineData("llama_untied"), InlineData("t5"), InlineData("t5_v1_1")]
    public void A_working_copy_has_every_matrix_once_but_no_untied_embedding(string name)
    {
        GoldenModel model = new(name);
        using WeightTable weights = model.LoadWeights();
        long matrices = weights.Tensors.Where(t => t.Shape.Count == 2).Sum(t => t.Length), embedding = weights[ModelTensors.Embedding(model.Spec)].Length;
        CpuMemory memory = CpuMemory.Of(model.Spec, threads: 2);
        Assert.Equal(4 * (model.Spec.TiedEmbeddings ? matrices : matrices - embedding), memory.WorkingCopy);
        Assert.Equal(4 * weights.ParameterCount, memory.Masters);
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), 2);
        Assert.Equal(engine.Seats, memory.Seats);
    }

    public static TheoryData<string> Names => [.. GoldenModel.Decoders, "t5", "t5_v1_1"];

    [Theory, MemberData(nameof(Names))]
    public void What_low_rank_noise_needs_is_known_before_the_weights_are_read(string name)
    {
        GoldenModel model = new(name);
        using WeightTable weights = model.LoadWeights();
        using WorkingCopy working = WorkingCopy.Of(model.Spec, weights, PackedType.Float32);
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), 2);
        foreach (int rank in (int[])[1, 3, 64])
        {
            LowRankMemory memory = LowRankMemory.Of(model.Spec, rank, engine.Seats, threads: 2, population: 100_000, together: 100_000);
            Assert.Equal(4 * working.FactorLength(rank), memory.Member);
            Assert.Equal(engine.MembersTogether(NoiseKind.LowRank(rank)), memory.Together);
        }
        Assert.Equal(model.Spec.EncoderDecoder is null ? 7 : 1, LowRankMemory.Of(model.Spec, 1, 1, 1, population: 100, together: 7).Together);
    }

    [Theory]
    [InlineData(10, 1), InlineData(10, 8), InlineData(10_000, 1), InlineData(10_000, 8)]
    public void An_update_stacks_factors_of_some_thousand_terms_at_most(int population, int rank)
    {
        int terms = Math.Min(population, 4096 / rank) * rank;
        ModelSpec spec = new GoldenModel("qwen2_tied").Spec;
        LowRankMemory one = LowRankMemory.Of(spec, rank, 1, 1, population, 1), two = LowRankMemory.Of(spec, rank, 1, 2, population, 1);
        Assert.Equal(4 * ((64 + 512) * terms + 64 * 512 + 512 * rank), one.Update);
        Assert.Equal(2 * one.Update, two.Update);
        Assert.Equal(3 * one.Member + one.Update, (one with { Together = 3 }).Bytes(1));
        CpuMemory memory = CpuMemory.Of(spec, 1);
        Assert.Equal(one.Bytes(1), memory.Peak(spec, 1, 8, 8, one) - memory.Peak(spec, 1, 8, 8));
    }
}
