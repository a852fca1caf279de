using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Tests.Models;

namespace Evolute.Tests.Engines;

/// <summary>Tokens chosen while the head's product is made are those that the logits say.</summary>
public class GreedyChoiceTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(8, 3)]
    [InlineData(16, 2)]
    public void The_token_is_the_first_of_the_greatest_logits(int lanes, int threads)
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2", ("vocab_size", "700"), ("tie_word_embeddings", "false"));
        WeightTable weights = TinyModel.Weights(spec);
        // Rows of the head far apart that are equal, so that their logits are: which member of the team comes first must not matter.
        Span<float> head = weights["lm_head.weight"].Span;
        int width = spec.HiddenSize;
        for (int token = 350; token < 700; token++) head.Slice((token - 350) * width, width).CopyTo(head.Slice(token * width, width));
        using CpuEngine engine = new(spec, weights, threads, CpuKernels.OfWidth(lanes), sideBySide: false);
        int[] ids = [.. Enumerable.Range(0, 90).Select(i => i * 37 % 700)];
        int[] expected = [.. GoldenModel.Logits(engine, ids).Select(row => Array.IndexOf(row, row.Max()))];
        StepBatch batch = new(ids.Length);
        for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], 0, i, RowOutput.Token);
        engine.Step(0, batch);
        Assert.Equal(expected, batch.Results[..ids.Length]);
        Assert.All(expected, token => Assert.InRange(token, 0, 349));
    }

    [Fact]
    public void A_logit_that_is_no_number_is_never_greatest()
    {
        ModelSpec spec = ConfiguredModel.Spec("qwen2", ("vocab_size", "300"), ("tie_word_embeddings", "false"));
        WeightTable weights = TinyModel.Weights(spec);
        int[] ids = [5, 6, 7];
        using CpuEngine engine = new(spec, weights, 1);
        int likeliest = Choose();
        weights["lm_head.weight"].Slice(0, spec.HiddenSize * 2).Fill(float.NaN);
        weights["lm_head.weight"].Slice(likeliest * spec.HiddenSize, spec.HiddenSize).Fill(float.NaN);
        int second = Choose();
        Assert.True(second > 1 && second != likeliest);
        weights["lm_head.weight"].Span.Fill(float.NaN);
        Assert.Equal(0, Choose());

        int Choose()
        {
            engine.Reserve(1, ids.Length, ids.Length);
            engine.Prepare(0, null, 0);
            StepBatch batch = new(ids.Length);
            for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], 0, i, i == ids.Length - 1 ? RowOutput.Token : RowOutput.None);
            engine.Step(0, batch);
            return batch.Results[ids.Length - 1];
        }
    }
}
