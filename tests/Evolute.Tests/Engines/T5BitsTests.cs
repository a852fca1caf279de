using CsCheck;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>What must not change a bit of a model with an encoder and a decoder, and what must.</summary>
public class T5BitsTests
{
    private static readonly int[] Input = [.. Enumerable.Range(0, 45).Select(i => i * 37 % 256)], Decoder = [0, .. Enumerable.Range(1, 29).Select(i => i * 53 % 256)];

    public static TheoryData<string> Models => [.. T5Model.Golden];

    [Theory]
    [InlineData("t5", 1), InlineData("t5", 4), InlineData("t5", 8), InlineData("t5", 16)]
    [InlineData("t5_v1_1", 1), InlineData("t5_v1_1", 4), InlineData("t5_v1_1", 8), InlineData("t5_v1_1", 16)]
    public void Every_vector_width_gives_the_same_bits(string name, int lanes)
    {
        GoldenModel model = new(name);
        using IEngine best = model.Engine(), other = model.Engine(threads: 2, lanes, sideBySide: false);
        Perturbation member = new(1, 2, 3);
        Assert.Equal(T5Model.Bits(best, Input, Decoder, member, 0.1f), T5Model.Bits(other, Input, Decoder, member, 0.1f));
    }

    [Fact]
    public void Decoder_rows_in_chunks_have_the_bits_of_all_at_once()
    {
        GoldenModel model = new("t5");
        using IEngine engine = model.Engine();
        uint[] atOnce = T5Model.Bits(engine, Input, Decoder);
        foreach (int chunk in (int[])[1, 7, 29])
        {
            List<uint> bits = [];
            StepBatch batch = new(Decoder.Length);
            for (int first = 0; first < Decoder.Length; first += chunk)
            {
                batch.Clear();
                if (first == 0) batch.Inputs.Add(new(0, Input));
                for (int i = first; i < Math.Min(first + chunk, Decoder.Length); i++) batch.Add(Decoder[i], 0, i, RowOutput.Logits);
                engine.Step(0, batch);
                bits.AddRange(batch.Logits.SelectMany(GoldenModel.Bits));
            }
            Assert.Equal(atOnce, bits);
        }
    }

    [Fact]
    public void Batch_size_threads_and_seats_never_change_a_token()
    {
        GoldenModel model = new("t5_v1_1");
        using IEngine one = model.Engine(), side = model.Engine(threads: 2, sideBySide: true), together = model.Engine(threads: 2, sideBySide: false);
        Gen<int[][]> prompts = Gen.Int[0, 255].Array[1, 40].Array[1, 12].Select(p => (int[][])[.. p, [.. Enumerable.Range(0, 200).Select(i => i * 7 % 256)]]);
        Gen.Select(prompts, Gen.Int[1, 16], Gen.Bool, Gen.Int[1, 20]).Sample((ids, batch, greedy, tokens) =>
        {
            GenerationSettings settings = new() { MaxNewTokens = tokens, Sampling = greedy ? SamplingSettings.Greedy : new(1.2f, TopK: 50, TopP: 0.95f) };
            int[][] expected = Tokens(one, 1);
            foreach (IEngine engine in (IEngine[])[one, side, together]) Assert.Equal(expected, Tokens(engine, batch));

            int[][] Tokens(IEngine engine, int size) => [.. T5Model.Generate(engine, ids, size, settings).Select(c => c.OutputIds)];
        }, iter: 8, threads: 1);
    }

    [Theory, MemberData(nameof(Models))]
    public void Every_tensor_is_perturbed_and_updated(string name)
    {
        const float sigma = 0.25f;
        GoldenModel model = new(name);
        Perturbation member = new(5, 1, 0);
        using CpuEngine engine = model.Engine();
        uint[] perturbed = T5Model.Bits(engine, Input, Decoder, member, sigma);
        using (CpuEngine whole = WithNoise(model, member, sigma, except: null)) Assert.Equal(perturbed, T5Model.Bits(whole, Input, Decoder));
        foreach (WeightTensor tensor in engine.Weights.Tensors)
        {
            using CpuEngine without = WithNoise(model, member, sigma, tensor.Name);
            Assert.True(!perturbed.AsSpan().SequenceEqual(T5Model.Bits(without, Input, Decoder)), tensor.Name);
        }

        using WeightTable before = engine.Weights.Clone();
        engine.ApplyUpdate(new([new(member, 1)], sigma, new()));
        foreach (WeightTensor tensor in engine.Weights.Tensors)
            Assert.True(Changed(before[tensor.Name], tensor) > tensor.Length * 0.9, tensor.Name);
        Assert.Equal(perturbed, T5Model.Bits(engine, Input, Decoder));
    }

    /// <summary>Members and an update with low-rank noise, beside weights perturbed and moved in float64.</summary>
    [Theory, MemberData(nameof(Models))]
    public void Low_rank_noise_is_that_of_the_definition(string name)
    {
        GoldenModel model = new(name);
        using CpuEngine engine = model.Engine();
        List<float[]> plain = T5Model.Logits(engine, Input, Decoder);
        foreach (Perturbation member in (Perturbation[])[new(7, 3, 4, 1, NoiseKind.LowRank(1)), new(7, 3, 5, -1, NoiseKind.LowRank(3))])
        {
            using CpuEngine perturbed = model.Engine();
            foreach (WeightTensor tensor in perturbed.Weights.Tensors) NoiseFormModelTests.Perturb(tensor, member);
            List<float[]> expected = T5Model.Logits(perturbed, Input, Decoder);
            double scale = NoiseFormModelTests.Distance(plain, expected);
            Assert.True(scale > 0);
            Assert.InRange(NoiseFormModelTests.Distance(T5Model.Logits(engine, Input, Decoder, member, NoiseFormModelTests.Sigma), expected), 0, 1e-4 * scale);
        }

        const int rank = 2;
        MemberCoefficient[] members = [.. ((float[])[1.5f, -0.25f, -1, 0.75f]).Select((z, n) => new MemberCoefficient(new Perturbation(7, 3, (uint)n, 1, NoiseKind.LowRank(rank)), z))];
        using WeightTable before = engine.Weights.Clone();
        engine.ApplyUpdate(new(members, 0.04, new()));
        foreach (WeightTensor tensor in before.Tensors)
            foreach (int i in (int[])[0, 1, (int)tensor.Length / 3, (int)tensor.Length - 1])
                Assert.Equal(tensor.Span[i] + 0.01 * members.Sum(m => m.Coefficient * Noise(m.Member, tensor, i)), engine.Weights[tensor.Name].Span[i], 1e-6);

        static double Noise(Perturbation member, WeightTensor tensor, long i)
        {
            if (tensor.Shape.Count != 2) return Normals.At(member.Key, tensor.NoiseId, i);
            long row = i / tensor.Shape[1], column = i % tensor.Shape[1];
            return Enumerable.Range(0, rank).Sum(j => (double)Normals.At(member.Key, TensorId.FactorA(tensor.NoiseId), row * rank + j) * Normals.At(member.Key, TensorId.FactorB(tensor.NoiseId), column * rank + j)) / Math.Sqrt(rank);
        }
    }

    [Fact]
    public void A_row_whose_slot_has_no_input_is_refused()
    {
        using IEngine engine = new GoldenModel("t5").Engine();
        engine.Reserve(2, 4, 4, 4);
        engine.Prepare(0, null, 0);
        StepBatch batch = new(1);
        batch.Add(0, 1, 0, RowOutput.Token);
        Assert.Throws<InvalidOperationException>(() => engine.Step(0, batch));
        batch.Inputs.Add(new(1, [1, 2, 3, 4, 5]));
        Assert.Throws<ArgumentException>(() => engine.Step(0, batch));
    }

    private static CpuEngine WithNoise(GoldenModel model, Perturbation member, float sigma, string? except)
    {
        CpuEngine engine = model.Engine();
        foreach (WeightTensor tensor in engine.Weights.Tensors)
            if (tensor.Name != except) AddNoise(tensor, member, sigma);
        return engine;
    }

    private static unsafe void AddNoise(WeightTensor tensor, Perturbation member, float sigma) =>
        Normals.AddScaled(member.Key, tensor.NoiseId, 0, member.Sign * sigma, tensor.Pointer, tensor.Pointer, tensor.Length);

    private static int Changed(WeightTensor before, WeightTensor after)
    {
        int changed = 0;
        for (int i = 0; i < after.Length; i++) if (before.Span[i] != after.Span[i]) changed++;
        return changed;
    }
}
