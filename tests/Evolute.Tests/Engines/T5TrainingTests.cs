using Evolute.Engines.Cpu;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>Evolution of a T5 toward given tokens, and the files that it comes from and goes to.</summary>
public class T5TrainingTests
{
    private const int Iterations = 3, NewTokens = 8;

    private static readonly EvolutionSettings Settings = new() { Seed = 11, Iterations = Iterations, Population = 6, Sigma = 0.1, LearningRate = 0.05 };

    private static readonly int[][] Prompts = [[5, 6, 7, 1], [200, 13, 1], [.. Enumerable.Range(0, 40), 1], [9, 1]];

    public static TheoryData<string> Models => [.. T5Model.Golden];

    [Theory, MemberData(nameof(Models))]
    public void Three_iterations_end_in_the_same_bits_whatever_threads_and_shards(string name)
    {
        using TempFolder temp = new();
        ModelDirectory model = T5Model.Open(name);
        ModelDirectory sharded = Sharded(model, temp["sharded"]);
        string untouched;
        using (WeightTable weights = model.LoadWeights()) untouched = WeightsDigest.Sha256(weights);
        string expected = Train(model, threads: 1, sideBySide: null);
        Assert.NotEqual(untouched, expected);
        Assert.Equal(expected, Train(model, threads: 2, sideBySide: true));
        Assert.Equal(expected, Train(model, threads: 2, sideBySide: false));
        Assert.Equal(expected, Train(sharded, threads: 1, sideBySide: null));
        Assert.Equal(expected, Train(sharded, threads: 2, sideBySide: null));
        string lowRank = Train(model, threads: 1, sideBySide: null, NoiseKind.LowRank(1));
        Assert.NotEqual(expected, lowRank);
        Assert.Equal(lowRank, Train(sharded, threads: 2, sideBySide: null, NoiseKind.LowRank(1)));
    }

    [Theory, MemberData(nameof(Models))]
    public void What_is_written_loads_again_with_the_same_bits_and_no_tensor_more(string name)
    {
        using TempFolder temp = new();
        ModelDirectory model = T5Model.Open(name);
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), 1);
        engine.ApplyUpdate(new([new(new Perturbation(1, 1, 0), 1)], 0.01f, new()));
        string sha256 = ModelWriter.Write(temp["written"], model, engine.Weights, "# card\n");
        ModelDirectory back = ModelDirectory.Open(temp["written"]);
        Assert.Equal(model.Spec with { Layers = back.Spec.Layers, EndTokens = back.Spec.EndTokens }, back.Spec);
        using (Checkpoint checkpoint = Checkpoint.Open(temp["written"])) Assert.Equal(engine.Weights.Tensors.Select(t => t.Name), checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        using CpuEngine again = new(back.Spec, back.LoadWeights(), 1);
        Assert.Equal(sha256, WeightsDigest.Sha256(again.Weights));
        Assert.Equal(T5Model.Bits(engine, Prompts[2], [0, 3, 4]), T5Model.Bits(again, Prompts[2], [0, 3, 4]));
    }

    private static ModelDirectory Sharded(ModelDirectory model, string folder)
    {
        using WeightTable weights = model.LoadWeights();
        ModelWriter.Write(folder, model, weights, "", new ModelWriteSettings { MaxShardBytes = 100_000 });
        Assert.True(Directory.GetFiles(folder, "model-*-of-*.safetensors").Length > 2);
        return ModelDirectory.Open(folder);
    }

    /// <summary>Trains toward the answer 7, 14, 21, … and gives the fingerprint of the weights.</summary>
    private static string Train(ModelDirectory model, int threads, bool? sideBySide, NoiseKind noise = default)
    {
        using CpuEngine engine = new(model.Spec, model.LoadWeights(), threads, CpuKernels.Best, sideBySide);
        Generator generator = new(engine, null, threads + 1);
        GenerationSettings generation = new() { MaxNewTokens = NewTokens, IgnoreEndTokens = true };
        for (int iteration = 1; iteration <= Iterations; iteration++)
        {
            Perturbation[] members = EvolutionLoop.Population(Settings with { Noise = noise }, iteration);
            double[] rewards = new double[members.Length];
            generator.Reserve(Prompts.Max(p => p.Length), NewTokens);
            int next = -1;
            engine.RunSeats(seat =>
            {
                for (int n; (n = Interlocked.Increment(ref next)) < members.Length;)
                {
                    engine.Prepare(seat, members[n], (float)Settings.Sigma);
                    rewards[n] = generator.Run(seat, Prompts, generation, default).Average(Closeness);
                }
            });
            if (RewardShaping.ZScore(rewards) is { } z) EvolutionLoop.Apply(engine, members, z, Settings.LearningRate, new());
        }
        return WeightsDigest.Sha256(engine.Weights);
    }

    /// <summary>1 for each token that is the wanted one, and a little for one that is near.</summary>
    private static double Closeness(Completion completion) =>
        completion.OutputIds.Select((token, i) => token == 7 * (i + 1) ? 1 : 1e-3 * (256 - Math.Abs(token - 7 * (i + 1))) / 256).Sum();
}
