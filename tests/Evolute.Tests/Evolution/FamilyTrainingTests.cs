using System.Text.Json;
using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Evolution;

/// <summary>Models of every kind of tensor table learn to say other tokens, with the same bits however they are run and stored, and come out and in again.</summary>
public class FamilyTrainingTests
{
    private const int Iterations = 3, Population = 8, NewTokens = 12;

    public static TheoryData<string> Models => ["gemma", "gemma3", "qwen3_moe", "mixtral", "phi3_longrope", "mistral"];

    [Theory, MemberData(nameof(Models))]
    public void Three_iterations_give_the_same_weights_with_any_threads_and_shards(string name)
    {
        string source = SharedFixtures.Path("fixtures", "golden", name);
        ModelDirectory whole = ModelDirectory.Open(source);
        using TempFolder temp = new();
        using (WeightTable weights = whole.LoadWeights()) ModelWriter.Write(temp["sharded"], whole, weights, "", new() { MaxShardBytes = 60_000 });
        ModelDirectory sharded = ModelDirectory.Open(temp["sharded"]);
        Assert.True(Directory.GetFiles(temp["sharded"], "*.safetensors").Length > 2);

        using (CpuEngine low = new(whole.Spec, whole.LoadWeights(), 1))
        {
            string lowRank = Train(low, name, NoiseKind.LowRank(1));
            using CpuEngine other = new(sharded.Spec, sharded.LoadWeights(), 2, CpuKernels.OfWidth(8), sideBySide: true);
            Assert.Equal(lowRank, Train(other, name, NoiseKind.LowRank(1)));
        }

        using CpuEngine one = new(whole.Spec, whole.LoadWeights(), 1);
        string sha256 = Train(one, name);
        using (CpuEngine two = new(sharded.Spec, sharded.LoadWeights(), 2, CpuKernels.Best, sideBySide: true)) Assert.Equal(sha256, Train(two, name));
        using (CpuEngine team = new(whole.Spec, whole.LoadWeights(), 2, CpuKernels.OfWidth(4), sideBySide: false)) Assert.Equal(sha256, Train(team, name));

        Assert.Equal(sha256, ModelWriter.Write(temp["trained"], whole, one.Weights, ""));
        ModelDirectory trained = ModelDirectory.Open(temp["trained"]);
        using CpuEngine again = new(trained.Spec, trained.LoadWeights(), 1);
        int[] ids = [.. Enumerable.Range(3, 30)];
        Assert.Equal(GoldenModel.Logits(one, ids).Select(GoldenModel.Bits), GoldenModel.Logits(again, ids).Select(GoldenModel.Bits));
    }

    /// <summary>Rewards the share of even tokens; returns the SHA-256 of the weights that come of it.</summary>
    private static string Train(CpuEngine engine, string name, NoiseKind noise = default)
    {
        JsonElement prompts = new GoldenModel(name).Expected.GetProperty("batch").GetProperty("prompts");
        int[][] ids = [.. prompts.EnumerateArray().Select(GoldenModel.Ints)];
        Generator generator = new(engine, null, 4);
        generator.Reserve(ids.Max(p => p.Length), NewTokens);
        GenerationSettings settings = new() { MaxNewTokens = NewTokens, IgnoreEndTokens = true };
        for (uint iteration = 1; iteration <= Iterations; iteration++)
        {
            var rewards = new double[Population];
            int next = -1;
            engine.RunSeats(seat =>
            {
                for (int n; (n = Interlocked.Increment(ref next)) < Population;)
                {
                    Perturbation member = new(5, iteration, (uint)n, Noise: noise);
                    engine.Prepare(seat, member, 0.02f);
                    Completion[] completions = generator.Run(seat, ids, settings, new TokenDraws(member.Key), stop: TestContext.Current.CancellationToken);
                    rewards[n] = completions.Average(c => c.OutputIds.Count(t => t % 2 == 0) / (double)NewTokens);
                }
            });
            float[]? z = RewardShaping.ZScore(rewards);
            Assert.NotNull(z);
            EvolutionLoop.Apply(engine, [.. Enumerable.Range(0, Population).Select(n => new Perturbation(5, iteration, (uint)n, Noise: noise))], z, 0.01, new());
        }
        return WeightsDigest.Sha256(engine.Weights);
    }
}
