using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Runs;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Generation;

/// <summary>KL and perplexity against direct computation in float64 from the logits of the reference models, and the weights' distance.</summary>
public class DivergenceTests
{
    private static readonly int[][] Prompts = [[5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [9]];
    private static readonly int[][] Answers = [[8, 9, 10, 11], [3], [.. Enumerable.Range(0, 90).Select(i => 7 * i % 200)]];

    public static TheoryData<string> Models => ["qwen2_tied", "llama_untied", "gemma2", "mixtral", "phi3_longrope"];

    [Theory, MemberData(nameof(Models))]
    public void Divergence_agrees_with_a_float64_reference(string name)
    {
        GoldenModel model = new(name);
        using CpuEngine tuned = Tuned(model, threads: 1), other = model.Engine();
        double[][] divergences = new SequenceDivergence(tuned, other).Along(Prompts, Answers, TestContext.Current.CancellationToken);
        for (int i = 0; i < Prompts.Length; i++)
        {
            Assert.Equal(Answers[i].Length, divergences[i].Length);
            int[] ids = [.. Prompts[i], .. Answers[i].SkipLast(1)];
            List<float[]> a = GoldenModel.Logits(tuned, ids), b = GoldenModel.Logits(other, ids);
            for (int t = 0; t < Answers[i].Length; t++)
            {
                double expected = Reference(a[Prompts[i].Length - 1 + t], b[Prompts[i].Length - 1 + t]);
                Assert.Equal(expected, divergences[i][t], 1e-9 + 1e-9 * expected);
                Assert.True(divergences[i][t] > 0);
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void A_model_does_not_diverge_from_itself(string name)
    {
        GoldenModel model = new(name);
        using CpuEngine one = model.Engine(), same = model.Engine(threads: 2);
        Assert.All(new SequenceDivergence(one, same).Along(Prompts, Answers, TestContext.Current.CancellationToken).SelectMany(d => d), d => Assert.Equal(0, d));
        WeightDistance distance = WeightDistance.Of(one.Weights, same.Weights);
        Assert.Equal((0.0, 0.0, 0.0), (distance.Norm, distance.Relative, distance.Changed));
    }

    [Fact]
    public void Divergence_has_the_same_bits_whatever_threads_seats_and_vector_width()
    {
        GoldenModel model = new("llama3_rope");
        double[][]? first = null;
        foreach ((int threads, int lanes, bool sideBySide) in ((int, int, bool)[])[(1, 16, true), (3, 8, true), (2, 4, false)])
        {
            using CpuEngine tuned = Tuned(model, threads, lanes, sideBySide), other = model.Engine(threads, lanes, sideBySide);
            double[][] divergences = new SequenceDivergence(tuned, other).Along(Prompts, Answers, TestContext.Current.CancellationToken);
            first ??= divergences;
            for (int i = 0; i < first.Length; i++) Assert.Equal(first[i], divergences[i]);
        }
    }

    [Fact]
    public void An_encoder_reads_the_prompt_and_the_decoder_the_answer()
    {
        ModelDirectory model = ModelDirectory.Open(SharedFixtures.Path("fixtures", "golden", "t5"));
        using CpuEngine tuned = new(model.Spec, model.LoadWeights(), 1), other = new(model.Spec, model.LoadWeights(), 1);
        Move(tuned.Weights);
        double[][] divergences = new SequenceDivergence(tuned, other).Along([[5, 6, 7, 1]], [[8, 9, 1]], TestContext.Current.CancellationToken);
        Assert.Equal(3, divergences[0].Length);
        IReadOnlyList<SequenceScore> a = Scores(tuned), b = Scores(other);
        Assert.Equal(Reference(a[0].LastLogits, b[0].LastLogits), divergences[0][2], 1e-9);

        static IReadOnlyList<SequenceScore> Scores(IEngine engine) => new SequenceScorer(engine, 1).Score(0, [[engine.Spec.EncoderDecoder!.DecoderStartToken, 8, 9]], [[5, 6, 7, 1]]);
    }

    [Theory]
    [InlineData(5), InlineData(64), InlineData(700)]
    public void Perplexity_agrees_with_direct_computation(int length)
    {
        GoldenModel model = new("qwen2_tied");
        using CpuEngine engine = model.Engine();
        int[] ids = [.. Enumerable.Range(0, length).Select(i => 1 + 31 * i % 250)];
        TextPerplexity perplexity = TextPerplexity.Of(engine, ids, batchSize: 3, TestContext.Current.CancellationToken);
        int window = perplexity.Window, stride = perplexity.Stride;
        Assert.Equal((Math.Min(512, model.Spec.MaxPositions), length - 1), (window, perplexity.Tokens));
        double sum = 0;
        int scored = 0;
        for (int start = 0, seen = 1; seen < length; start += stride)
        {
            int[] part = ids[start..Math.Min(start + window, length)];
            List<float[]> logits = GoldenModel.Logits(engine, part);
            for (; seen < start + part.Length; seen++, scored++) sum -= LogSoftmax(logits[seen - start - 1])[ids[seen]];
        }
        Assert.Equal(length - 1, scored);
        Assert.Equal(Math.Exp(sum / scored), perplexity.Value, 1e-4 * perplexity.Value);
        Assert.Equal(perplexity, TextPerplexity.Of(engine, ids, batchSize: 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Weights_are_counted_in_the_type_that_they_are_stored_in()
    {
        using WeightTable a = Table(1, 2, 3, 0), b = Table(1, 2, 3, 0);
        a.Tensors[0].Span[0] += 1e-5f; // Less than half a unit in the last place of bfloat16, but not of float32.
        a.Tensors[0].Span[1] += 4;
        WeightDistance asFloat = WeightDistance.Of(a, b), asBFloat = WeightDistance.Of(a, b, StoredType.BF16);
        Assert.Equal((0.5, 0.25), (asFloat.Changed, asBFloat.Changed));
        Assert.Equal(4, asFloat.Norm, 1e-6);
        Assert.Equal(4 / Math.Sqrt(14), asFloat.Relative, 1e-6);
        Assert.Equal(asFloat.Norm, Assert.Single(asFloat.Tensors).Norm);
        using WeightTable longer = Table(1, 2, 3, 0, 5);
        Assert.Equal("Tensor 'w' differs between the models: its shape is [5], the base's [4]; compare with the model that this one was tuned from.", Assert.Throws<EvoluteInputException>(() => WeightDistance.Of(longer, b)).Message);
    }

    private static WeightTable Table(params float[] values)
    {
        WeightTable table = new([new TensorSpec("w", [values.Length], StoredType.F32)]);
        values.CopyTo(table.Tensors[0].Span);
        return table;
    }

    private static CpuEngine Tuned(GoldenModel model, int threads, int? lanes = null, bool? sideBySide = null)
    {
        CpuEngine engine = model.Engine(threads, lanes, sideBySide);
        Move(engine.Weights);
        return engine;
    }

    private static void Move(WeightTable weights)
    {
        foreach (WeightTensor tensor in weights.Tensors)
            for (int i = 0; i < tensor.Length; i += 3) tensor.Span[i] *= 1.05f;
    }

    private static double Reference(float[] tuned, float[] other)
    {
        double[] p = LogSoftmax(tuned), q = LogSoftmax(other);
        return p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
    }

    private static double[] LogSoftmax(float[] logits)
    {
        double top = logits.Max(), log = top + Math.Log(logits.Sum(l => Math.Exp(l - top)));
        return [.. logits.Select(l => l - log)];
    }
}
