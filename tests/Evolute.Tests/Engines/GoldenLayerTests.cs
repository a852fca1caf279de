using System.Text.Json;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>What happens inside a model: the residual layer by layer, and that noise and updates reach every tensor.</summary>
public unsafe class GoldenLayerTests
{
    private const float Sigma = 0.01f;

    private static readonly Perturbation Member = new(7, 3, 2, -1);

    public static TheoryData<string> Models => [.. GoldenModel.Decoders];

    /// <summary>One model of each kind of tensor table.</summary>
    public static TheoryData<string> Tables =>
        [.. GoldenModel.Decoders.Where(n => !n.Contains("_bf16") && !n.Contains("_v5") && !n.Contains("_sharded"))];

    [Theory, MemberData(nameof(Models))]
    public void Norms_of_the_residual_after_every_layer_agree_with_transformers(string name)
    {
        GoldenModel model = new(name);
        JsonElement prompt = model.Expected.GetProperty("prompts").EnumerateArray().Single(p => p.TryGetProperty("hidden_norms", out _));
        int[] ids = GoldenModel.Ints(prompt.GetProperty("ids"));
        float[][] expected = [.. prompt.GetProperty("hidden_norms").EnumerateArray().Select(GoldenModel.Floats)];
        using WeightTable weights = model.LoadWeights();
        using ThreadTeam team = new(1);
        using WorkingWeights working = new(model.Spec, weights, PackedType.Float32);
        working.Write(null, 0, team);
        using RopeTables tables = new(model.Spec, ids.Length);
        using Forward forward = new(model.Spec, CpuKernels.Best, team, working, tables, 1, ids.Length, ids.Length);
        StepBatch batch = new(ids.Length);
        for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], 0, i);

        forward.Begin(batch);
        for (int layer = 0; layer < model.Spec.LayerCount; layer++)
        {
            for (int row = 0; row < ids.Length; row++) AssertClose(expected[layer][row], Norm(forward.Residual(row).ToArray()));
            forward.RunLayer(layer);
        }
        for (int row = 0; row < ids.Length; row++)
        {
            float[] normed = forward.Residual(row).ToArray();
            fixed (float* x = normed) CpuKernels.Best.RmsNorm(x, working.FinalNorm.Of(0), model.Spec.NormEpsilon, x, normed.Length);
            AssertClose(expected[^1][row], Norm(normed));
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void A_member_is_every_tensor_plus_its_noise_and_the_output_depends_on_every_tensor(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine(), other = model.Engine();
        // Long enough that every expert is chosen by some token.
        int[] ids = [.. Enumerable.Range(0, 120).Select(i => (i * i + 11 * i + 5) % model.Spec.VocabularySize)];
        uint[][] plain = Bits(engine, ids), member = Bits(engine, ids, Member, Sigma);
        using WeightTable masters = model.LoadWeights();
        foreach (WeightTensor tensor in other.Weights.Tensors)
        {
            Perturb(masters[tensor.Name], tensor);
            Assert.False(plain.Zip(Bits(other, ids)).All(p => p.First.SequenceEqual(p.Second)), $"{name}: nothing depends on {tensor.Name}");
            masters[tensor.Name].Span.CopyTo(tensor.Span);
        }
        foreach (WeightTensor tensor in other.Weights.Tensors) Perturb(masters[tensor.Name], tensor);
        Assert.Equal(member, Bits(other, ids));
        Assert.Equal(plain, Bits(engine, ids));

        static void Perturb(WeightTensor from, WeightTensor to) =>
            Normals.AddScaled(Member.Key, from.NoiseId, 0, Member.Sign * Sigma, from.Pointer, to.Pointer, from.Length);
    }

    [Theory, MemberData(nameof(Tables))]
    public void An_update_reaches_every_element_of_every_tensor(string name)
    {
        GoldenModel model = new(name);
        using IEngine engine = model.Engine(threads: 2);
        using WeightTable before = model.LoadWeights();
        Assert.Equal(before.ParameterCount, model.Expected.GetProperty("parameters").GetInt64());
        engine.ApplyUpdate(new([new(Member, 1.5f), new(new(7, 3, 4), -0.25f)], 0.02f, new()));
        foreach (WeightTensor tensor in before.Tensors)
        {
            float[] sum = new float[tensor.Length];
            fixed (float* s = sum)
            {
                Normals.AddScaled(Member.Key, tensor.NoiseId, 0, -1.5f, s, s, sum.Length);
                Normals.AddScaled(new Perturbation(7, 3, 4).Key, tensor.NoiseId, 0, -0.25f, s, s, sum.Length);
            }
            float[] expected = [.. sum.Select((s, i) => float.FusedMultiplyAdd(0.01f, s, tensor.Span[i]))];
            Assert.Equal(GoldenModel.Bits(expected), GoldenModel.Bits(engine.Weights[tensor.Name].Span.ToArray()));
            Assert.False(tensor.Span.SequenceEqual(expected), tensor.Name);
        }
    }

    private static uint[][] Bits(IEngine engine, int[] ids, Perturbation? member = null, float sigma = 0) =>
        [.. GoldenModel.Logits(engine, ids, member, sigma).Select(GoldenModel.Bits)];

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-4 * Math.Abs(expected), $"expected {expected}, got {actual}");
}
