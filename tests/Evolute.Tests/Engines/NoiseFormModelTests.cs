using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>Members of every form of noise, beside models whose weights were perturbed tensor by tensor.</summary>
public class NoiseFormModelTests
{
    internal const float Sigma = 0.02f;

    public static TheoryData<string> Names => ["qwen2_tied", "qwen2_untied", "qwen3_moe", "mixtral", "gemma2", "gemma3", "phi3_longrope", "mistral", "llama_yarn"];

    /// <summary>Forms whose members have weights of their own are the perturbed weights bit for bit, low-rank ones but for rounding.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_member_is_the_model_with_perturbed_weights(string name)
    {
        GoldenModel model = new(name);
        int[] ids = [.. Enumerable.Range(0, 40).Select(i => (i * i + 11 * i + 5) % model.Spec.VocabularySize)];
        using CpuEngine engine = model.Engine();
        List<float[]> plain = GoldenModel.Logits(engine, ids);
        foreach (NoiseKind kind in (NoiseKind[])[NoiseKind.Subspace(3), NoiseKind.Of(NoiseForm.Correlated), NoiseKind.LowRank(1), NoiseKind.LowRank(3)])
            foreach (int sign in (int[])[1, -1])
            {
                Perturbation member = new(7, 3, 4, sign, kind);
                List<float[]> logits = GoldenModel.Logits(engine, ids, member, Sigma);
                using CpuEngine perturbed = model.Engine();
                foreach (WeightTensor tensor in perturbed.Weights.Tensors) Perturb(tensor, member);
                List<float[]> expected = GoldenModel.Logits(perturbed, ids);
                double scale = Distance(plain, expected);
                Assert.True(scale > 0);
                if (kind.Form == NoiseForm.LowRank) Assert.InRange(Distance(logits, expected), 0, 1e-4 * scale);
                else Assert.Equal(expected.Select(GoldenModel.Bits), logits.Select(GoldenModel.Bits));
            }
        Assert.Equal(plain.Select(GoldenModel.Bits), GoldenModel.Logits(engine, ids).Select(GoldenModel.Bits));
    }

    /// <summary>Rows of several members in one step, however they are mixed and whatever the width and the threads.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Members_that_share_a_step_have_the_bits_that_each_has_alone(string name)
    {
        GoldenModel model = new(name);
        int[] ids = [.. Enumerable.Range(0, 9).Select(i => (3 * i * i + 5) % model.Spec.VocabularySize)];
        Perturbation[] members = [.. Enumerable.Range(0, 5).Select(n => new Perturbation(7, 3, (uint)n / 2, n % 2 == 0 ? 1 : -1, NoiseKind.LowRank(2)))];
        uint[][][] alone;
        using (CpuEngine engine = model.Engine())
            alone = [.. members.Select(m => GoldenModel.Logits(engine, ids, m, Sigma).Select(GoldenModel.Bits).ToArray())];
        Assert.Equal(members.Length, alone.Select(a => a[^1][0]).Distinct().Count());
        foreach ((int lanes, int threads) in ((int, int)[])[(1, 1), (4, 1), (8, 3), (16, 2)])
        {
            using CpuEngine engine = model.Engine(threads, lanes, sideBySide: false);
            engine.Reserve(members.Length, ids.Length, members.Length * ids.Length);
            for (int n = 0; n < members.Length; n++) engine.Prepare(0, members[n], Sigma, n, members.Length);
            StepBatch batch = new(members.Length * ids.Length);
            for (int n = members.Length - 1; n >= 0; n--)
                for (int i = 0; i < ids.Length; i++) batch.Add(ids[i], n, i, RowOutput.Logits, member: n);
            engine.Step(0, batch);
            for (int n = 0; n < members.Length; n++)
                for (int i = 0; i < ids.Length; i++) Assert.Equal(alone[n][i], GoldenModel.Bits(batch.Logits[(members.Length - 1 - n) * ids.Length + i]));
        }
    }

    [Theory]
    [InlineData("qwen2_tied"), InlineData("phi3_longrope"), InlineData("qwen3_moe")]
    public void A_low_rank_update_is_the_sum_of_outer_products_in_order(string name)
    {
        GoldenModel model = new(name);
        const int rank = 2;
        Perturbation[] members = [.. Enumerable.Range(0, 6).Select(n => new Perturbation(7, 3, (uint)n, 1, NoiseKind.LowRank(rank)))];
        float[] z = [1.5f, -0.25f, 0.75f, 2, -1, -3];
        string[] digests = [.. (((int, int)[])[(1, 1), (2, 4), (3, 16)]).Select(run =>
        {
            using CpuEngine engine = model.Engine(run.Item1, run.Item2);
            using WeightTable before = model.LoadWeights();
            engine.ApplyUpdate(new([.. members.Select((m, n) => new MemberCoefficient(m, z[n]))], 0.06, new()));
            foreach (WeightTensor tensor in before.Tensors)
                foreach (long element in (long[])[0, 1, tensor.Length / 3, tensor.Length / 2, tensor.Length - 1])
                    Assert.Equal(float.FusedMultiplyAdd(0.01f, Sum(tensor, element), tensor.Span[(int)element]), engine.Weights[tensor.Name].Span[(int)element]);
            return WeightsDigest.Sha256(engine.Weights);
        })];
        Assert.Single(digests.Distinct());

        float Sum(WeightTensor tensor, long element)
        {
            float sum = 0;
            for (int n = 0; n < members.Length; n++)
            {
                if (tensor.Shape.Count != 2)
                {
                    sum = float.FusedMultiplyAdd(z[n], Normals.At(members[n].Key, tensor.NoiseId, element), sum);
                    continue;
                }
                float c = (float)(z[n] / Math.Sqrt(rank));
                long row = element / tensor.Shape[1], column = element % tensor.Shape[1];
                for (int j = 0; j < rank; j++)
                    sum = float.FusedMultiplyAdd(
                        c * Normals.At(members[n].Key, TensorId.Of(tensor.Name + "#A"), row * rank + j), Normals.At(members[n].Key, TensorId.Of(tensor.Name + "#B"), column * rank + j), sum);
            }
            return sum;
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Frozen_tensors_have_no_low_rank_noise(bool fused)
    {
        GoldenModel model = new(fused ? "phi3_longrope" : "qwen2_untied");
        int[] ids = [5, 9, 2, 7];
        using CpuEngine engine = model.Engine();
        uint[][] plain = [.. GoldenModel.Logits(engine, ids).Select(GoldenModel.Bits)];
        Perturbation member = new(7, 3, 4, 1, NoiseKind.LowRank(1));
        Assert.NotEqual(plain, GoldenModel.Logits(engine, ids, member, Sigma).Select(GoldenModel.Bits));
        using CpuEngine frozen = model.Engine();
        foreach (WeightTensor tensor in frozen.Weights.Tensors) tensor.Frozen = true;
        Assert.Equal(plain, GoldenModel.Logits(frozen, ids, member, Sigma).Select(GoldenModel.Bits));
    }

    /// <summary>Adds a member's noise with the products of factors in float64.</summary>
    internal static unsafe void Perturb(WeightTensor tensor, Perturbation member)
    {
        if (!member.Noise.HasFactors(tensor.Shape.Count))
        {
            member.Source.AddScaled(tensor.NoiseId, 0, member.ElementScale(Sigma), tensor.Pointer, tensor.Pointer, tensor.Length);
            return;
        }
        int rank = member.Noise.Rank;
        float[] a = new float[tensor.Shape[0] * rank], b = new float[tensor.Shape[1] * rank];
        Normals.Fill(member.Key, TensorId.Of(tensor.Name + "#A"), 0, a);
        Normals.Fill(member.Key, TensorId.Of(tensor.Name + "#B"), 0, b);
        for (int o = 0; o < tensor.Shape[0]; o++)
            for (int i = 0; i < tensor.Shape[1]; i++)
                tensor.Span[o * (int)tensor.Shape[1] + i] += (float)(member.Sign * Sigma / Math.Sqrt(rank) * Enumerable.Range(0, rank).Sum(j => (double)a[o * rank + j] * b[i * rank + j]));
    }

    internal static double Distance(List<float[]> x, List<float[]> y) => x.Zip(y, (a, b) => a.Zip(b, (u, v) => (double)Math.Abs(u - v)).Max()).Max();
}
