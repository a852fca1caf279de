using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Evolution;

/// <summary>Asking and telling: the bits of a training of models, and misuse.</summary>
public class VectorEvolutionTests
{
    private static readonly TensorSpec[] Layers = [new("b.weight", [7, 5]), new("a.bias", [5]), new("c.weight", [3, 11])];

    public static TheoryData<NoiseForm, bool, Shaping, Optimizer, Anchor> Kinds()
    {
        TheoryData<NoiseForm, bool, Shaping, Optimizer, Anchor> kinds = [];
        foreach (bool mirrored in (bool[])[false, true])
            foreach (Shaping shaping in Enum.GetValues<Shaping>())
                foreach (Optimizer optimizer in Enum.GetValues<Optimizer>())
                    foreach (Anchor anchor in Enum.GetValues<Anchor>())
                        if (mirrored || shaping != Shaping.Sign) kinds.Add(NoiseForm.Full, mirrored, shaping, optimizer, anchor);
        foreach (NoiseForm form in (NoiseForm[])[NoiseForm.LowRank, NoiseForm.Subspace, NoiseForm.Correlated])
            foreach (bool mirrored in (bool[])[false, true])
                kinds.Add(form, mirrored, Shaping.ZScore, Optimizer.Adam, Anchor.None);
        return kinds;
    }

    /// <summary>What the trainer does with the same rewards: its population, shaping and update, on tensors of the same names.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Updates_are_those_of_the_trainer_bit_for_bit(NoiseForm form, bool mirrored, Shaping shaping, Optimizer optimizer, Anchor anchor)
    {
        EvolutionSettings settings = Settings() with
        {
            Mirrored = mirrored,
            Noise = form switch { NoiseForm.LowRank => NoiseKind.LowRank(3), NoiseForm.Subspace => NoiseKind.Subspace(3), _ => NoiseKind.Of(form) },
            Shaping = shaping,
            Schedule = Schedule.Cosine,
            SigmaSchedule = Schedule.Linear,
            Update = new() { Optimizer = optimizer, WeightDecay = 0.1, Anchor = anchor, AnchorStrength = anchor == Anchor.None ? 0 : 0.3 },
        };
        float[] start = Start();
        using VectorEvolution strategy = new(start, settings, Layers, threads: 2);
        using WeightTable weights = Table(start);
        using WeightUpdate update = new(weights);
        using ThreadTeam team = new(1);
        for (int iteration = 1; iteration <= settings.Iterations; iteration++)
        {
            double[][] rewards = Rewards(settings.Population, iteration);
            Perturbation[] members = EvolutionLoop.Population(settings, iteration);
            AssertCandidates(strategy.Ask(), members, weights, (float)settings.SigmaAt(iteration));
            Assert.True(strategy.Tell(rewards));
            float[] z = RewardShaping.Of(shaping, rewards)!;
            update.Apply(new([.. members.Select((m, n) => new MemberCoefficient(m, z[n]))], settings.LearningRateAt(iteration), settings.Update), team);
            Assert.Equal(WeightsDigest.Checksum(weights), strategy.Checksum());
        }
        Assert.True(strategy.Finished);
        Assert.Equal(Flat(weights), strategy.ToArray());
        Assert.NotEqual(start, strategy.ToArray());
    }

    [Fact]
    public void Frozen_tensors_have_neither_noise_nor_update()
    {
        float[] start = Start();
        using VectorEvolution strategy = new(start, Settings() with { Parameters = new() { Freeze = ["*.weight"] } }, Layers);
        float[] candidate = strategy.Ask()[0].ToArray();
        strategy.Tell([1, 2, 3, 4, 5, 6]);
        foreach (float[] values in (float[][])[candidate, strategy.ToArray()])
        {
            Assert.Equal(start[..35], values[..35]);
            Assert.NotEqual(start[35..40], values[35..40]);
            Assert.Equal(start[40..], values[40..]);
        }
    }

    [Fact]
    public void A_replayed_strategy_has_the_same_bits()
    {
        EvolutionSettings settings = Settings() with { Update = new() { Optimizer = Optimizer.Adam } };
        double[][] told = [.. Enumerable.Range(1, 3).Select(i => Rewards(settings.Population, i).Select(r => r[0]).ToArray())];
        told[1] = [1, 1, 1, 1, 1, 1];
        using VectorEvolution one = new(Start(), settings, Layers), other = new(Start(), settings, Layers);
        foreach (double[] rewards in told)
        {
            one.Ask();
            one.Tell(rewards);
        }
        other.Replay(told);
        Assert.Equal((one.Checksum(), one.Iteration), (other.Checksum(), other.Iteration));
        Assert.Equal(one.Ask()[2].ToArray(), other.Ask()[2].ToArray());
    }

    [Theory]
    [InlineData(Shaping.ZScore)]
    [InlineData(Shaping.CenteredRanks)]
    [InlineData(Shaping.PerPromptCentered)]
    [InlineData(Shaping.Sign)]
    public void Equal_rewards_leave_everything(Shaping shaping)
    {
        using VectorEvolution strategy = new(Start(), Settings() with { Mirrored = true, Shaping = shaping, Update = new() { WeightDecay = 0.5, Optimizer = Optimizer.Momentum } });
        strategy.Ask();
        Assert.False(strategy.Tell([0.1, 0.1, 0.1, 0.1, 0.1, 0.1]));
        Assert.Equal(Start(), strategy.ToArray());
        Assert.Equal(1, strategy.Iteration);
    }

    [Fact]
    public void Misuse_is_named_and_changes_nothing()
    {
        using VectorEvolution strategy = new(Start(), Settings() with { Iterations = 1 });
        Assert.Throws<InvalidOperationException>(() => strategy.Tell([1, 2, 3, 4, 5, 6]));
        IReadOnlyList<VectorCandidate> candidates = strategy.Ask();
        Assert.Same(candidates, strategy.Ask());
        Assert.Contains("5 members", Assert.Throws<ArgumentException>(() => strategy.Tell([1, 2, 3, 4, 5])).Message);
        Assert.Contains("member 3", Assert.Throws<ArgumentException>(() => strategy.Tell([1, 2, 3, double.NaN, 5, 6])).Message);
        Assert.Contains("Member 1", Assert.Throws<ArgumentException>(() => strategy.Tell([[1, 2], [1], [1, 2], [1, 2], [1, 2], [1, 2]])).Message);
        Assert.Throws<ArgumentException>(() => candidates[0].CopyTo(new float[3]));
        Assert.Equal(Start(), strategy.ToArray());
        Assert.True(strategy.Tell([1, 2, 3, 4, 5, 6]));
        Assert.Throws<InvalidOperationException>(() => strategy.Tell([1, 2, 3, 4, 5, 6]));
        Assert.Throws<InvalidOperationException>(() => candidates[0].ToArray());
        Assert.Throws<InvalidOperationException>(strategy.Ask);
        Assert.Throws<EvoluteInputException>(() => new VectorEvolution([1, float.NaN], Settings()));
        Assert.Throws<ArgumentException>(() => new VectorEvolution([1, 2], Settings(), Layers));
        Assert.Throws<ArgumentException>(() => new VectorEvolution([], Settings()));
    }

    private static void AssertCandidates(IReadOnlyList<VectorCandidate> candidates, Perturbation[] members, WeightTable weights, float sigma)
    {
        Assert.Equal(members.Length, candidates.Count);
        foreach (VectorCandidate candidate in candidates)
        {
            Perturbation member = members[candidate.Member];
            float[] expected = [.. Layers.SelectMany(layer => Perturbed(weights[layer.Name], member, sigma))];
            Assert.Equal(expected, candidate.ToArray());
        }
    }

    /// <summary>By the definitions of normals and forms, element by element.</summary>
    private static IEnumerable<float> Perturbed(WeightTensor tensor, Perturbation member, float sigma)
    {
        float[] masters = tensor.Span.ToArray();
        if (!member.Noise.HasFactors(tensor.Shape.Count))
            return masters.Select((w, i) => MathF.FusedMultiplyAdd(member.ElementScale(sigma), member.Source.At(tensor.NoiseId, i), w));
        int rank = member.Noise.Rank, columns = (int)tensor.Shape[1];
        ulong a = TensorId.Of(tensor.Name + "#A"), b = TensorId.Of(tensor.Name + "#B");
        return masters.Select((w, i) =>
        {
            float value = w, scale = (float)(member.Sign * sigma / Math.Sqrt(rank));
            for (int j = 0; j < rank; j++)
                value = MathF.FusedMultiplyAdd(scale * Normals.At(member.Key, a, (long)(i / columns * rank) + j), Normals.At(member.Key, b, (long)(i % columns * rank) + j), value);
            return value;
        });
    }

    private static EvolutionSettings Settings() => new() { Population = 6, Sigma = 0.1, LearningRate = 0.05, Iterations = 4, Seed = 11 };

    private static float[] Start() => [.. Enumerable.Range(0, 73).Select(i => i % 9 / 4f - 1)];

    private static double[][] Rewards(int members, int iteration)
    {
        Random random = new(iteration);
        return [.. Enumerable.Range(0, members).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
    }

    private static WeightTable Table(float[] start)
    {
        WeightTable weights = new(Layers);
        int at = 0;
        foreach (TensorSpec layer in Layers)
        {
            start.AsSpan(at, (int)layer.Length).CopyTo(weights[layer.Name].Span);
            at += (int)layer.Length;
        }
        return weights;
    }

    private static float[] Flat(WeightTable weights) => [.. Layers.SelectMany(layer => weights[layer.Name].Span.ToArray())];
}
