using CsCheck;
using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Tests.Engines;

/// <summary>Updates of every kind, beside the same in float64 written down plainly.</summary>
public class WeightUpdateTests
{
    private const double Rate = 0.05;

    public static TheoryData<NoiseForm, bool, Shaping, Optimizer, double, Anchor> Kinds()
    {
        TheoryData<NoiseForm, bool, Shaping, Optimizer, double, Anchor> kinds = [];
        foreach (NoiseForm form in Enum.GetValues<NoiseForm>())
            foreach (bool mirrored in (bool[])[false, true])
                foreach (Shaping shaping in Enum.GetValues<Shaping>())
                    foreach (Optimizer optimizer in Enum.GetValues<Optimizer>())
                        foreach (double decay in (double[])[0, 0.5])
                            foreach (Anchor anchor in Enum.GetValues<Anchor>())
                                if (mirrored || shaping != Shaping.Sign) kinds.Add(form, mirrored, shaping, optimizer, decay, anchor);
        return kinds;
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Three_updates_are_those_of_the_definition(NoiseForm form, bool mirrored, Shaping shaping, Optimizer optimizer, double decay, Anchor anchor) =>
        Gen.Select(Gen.Int[1, 2], Gen.Int[0, 1000]).Sample((pairs, seed) =>
        {
            UpdateRule rule = new() { Optimizer = optimizer, WeightDecay = decay, Anchor = anchor, AnchorStrength = anchor == Anchor.None ? 0 : anchor == Anchor.L2 ? 4 : 0.3, Epsilon = 1e-3 };
            EvolutionSettings settings = new() { Population = 4 * pairs, Noise = Kind(form), Mirrored = mirrored, Shaping = shaping, LearningRate = Rate, Update = rule, Seed = (ulong)seed };
            settings.Validate();
            using WeightTable weights = Weights(seed);
            using WeightUpdate update = new(weights);
            using ThreadTeam team = new(1);
            Reference reference = new(weights, rule);
            Random random = new(seed);
            for (int iteration = 1; iteration <= 3; iteration++)
            {
                double[][] rewards = [.. Enumerable.Range(0, settings.Population).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble()).ToArray())];
                float[]? z = Shape(shaping, rewards);
                Assert.NotNull(z);
                Perturbation[] members = EvolutionLoop.Population(settings, iteration);
                update.Apply(new([.. members.Select((m, n) => new MemberCoefficient(m, z[n]))], Rate, rule), team);
                reference.Apply(members, z);
            }
            reference.AssertNear(weights);
        }, iter: 3);

    [Theory, MemberData(nameof(Kinds))]
    public void Threads_do_not_matter(NoiseForm form, bool mirrored, Shaping shaping, Optimizer optimizer, double decay, Anchor anchor)
    {
        UpdateRule rule = new() { Optimizer = optimizer, WeightDecay = decay, Anchor = anchor, AnchorStrength = anchor == Anchor.None ? 0 : 0.3 };
        EvolutionSettings settings = new() { Population = 8, Noise = Kind(form), Mirrored = mirrored, Shaping = shaping };
        string[] digests = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using WeightTable weights = Weights(5);
            using WeightUpdate update = new(weights);
            using ThreadTeam team = new(threads);
            float[] z = Shape(shaping, [[1, 2, 0], [3, 0, 1], [5, 1, 1], [2, 2, 2], [9, 0, 2], [1, 1, 0], [2, 1, 2], [0, 0, 1]])!;
            for (int iteration = 1; iteration <= 2; iteration++)
                update.Apply(new([.. EvolutionLoop.Population(settings, iteration).Select((m, n) => new MemberCoefficient(m, z[n]))], Rate, rule), team);
            return WeightsDigest.Sha256(weights);
        })];
        Assert.Single(digests.Distinct());
    }

    /// <summary>The pair's noise is one link of the chain, with the difference of the coefficients in float32.</summary>
    [Fact]
    public void A_mirrored_pair_is_one_fused_multiply_add()
    {
        EvolutionSettings settings = new() { Population = 4, Mirrored = true };
        Perturbation[] members = EvolutionLoop.Population(settings, 3);
        Assert.Equal([(0u, 1), (0u, -1), (1u, 1), (1u, -1)], members.Select(m => (m.Pair, m.Sign)));
        float[] z = [0.1f, -0.7f, 1.3f, 0.4f];
        using WeightTable weights = Weights(1), before = Weights(1);
        using WeightUpdate update = new(weights);
        using ThreadTeam team = new(1);
        update.Apply(new([.. members.Select((m, n) => new MemberCoefficient(m, z[n]))], 0.02, new()), team);
        foreach (WeightTensor tensor in weights.Tensors)
            for (int i = 0; i < tensor.Length; i++)
            {
                float sum = float.FusedMultiplyAdd(z[0] - z[1], Normals.At(members[0].Key, tensor.NoiseId, i), 0);
                sum = float.FusedMultiplyAdd(z[2] - z[3], Normals.At(members[2].Key, tensor.NoiseId, i), sum);
                Assert.Equal(float.FusedMultiplyAdd((float)(0.02 / 4), sum, before[tensor.Name].Span[i]), tensor.Span[i]);
            }
    }

    [Fact]
    public void An_l1_anchor_keeps_weights_that_gain_little_at_the_base_exactly()
    {
        using WeightTable weights = Weights(1), before = Weights(1);
        using WeightUpdate update = new(weights);
        using ThreadTeam team = new(1);
        for (uint iteration = 1; iteration <= 4; iteration++)
            update.Apply(new([new(new(1, iteration, 0), 1)], 1e-3, new() { Anchor = Anchor.L1, AnchorStrength = 1 }), team);
        int same = weights.Tensors.Sum(t => t.Span.ToArray().Zip(before[t.Name].Span.ToArray()).Count(p => p.First == p.Second));
        Assert.InRange(same, weights.ParameterCount / 4, weights.ParameterCount * 3 / 4);
    }

    private static NoiseKind Kind(NoiseForm form) => form switch { NoiseForm.LowRank => NoiseKind.LowRank(2), NoiseForm.Subspace => NoiseKind.Subspace(2), _ => NoiseKind.Of(form) };

    private static float[]? Shape(Shaping shaping, double[][] rewards)
    {
        double[] means = [.. rewards.Select(r => r.Average())];
        return shaping switch
        {
            Shaping.CenteredRanks => RewardShaping.CenteredRanks(means),
            Shaping.PerPromptCentered => RewardShaping.PerPromptCentered(rewards),
            Shaping.Sign => RewardShaping.Sign(means),
            _ => RewardShaping.ZScore(means),
        };
    }

    /// <summary>Tensors whose lengths are no multiples of anything.</summary>
    private static WeightTable Weights(int seed)
    {
        WeightTable weights = new([new("a", [7, 5]), new("b", [13])]);
        Random random = new(seed);
        foreach (WeightTensor tensor in weights.Tensors)
            foreach (ref float weight in tensor.Span) weight = (float)(random.NextDouble() - 0.5);
        return weights;
    }

    /// <summary>The rules in float64, element by element.</summary>
    private sealed class Reference
    {
        private readonly UpdateRule _rule;
        private readonly List<(WeightTensor Tensor, double[] Base, double[] Now, double[] First, double[] Second)> _tensors = [];
        private int _steps;

        public Reference(WeightTable weights, UpdateRule rule)
        {
            _rule = rule;
            foreach (WeightTensor t in weights.Tensors)
            {
                double[] start = [.. t.Span.ToArray().Select(w => (double)w)];
                _tensors.Add((t, start, [.. start], new double[start.Length], new double[start.Length]));
            }
        }

        public void Apply(Perturbation[] members, float[] z)
        {
            _steps++;
            foreach (var (tensor, origin, now, first, second) in _tensors)
                for (int i = 0; i < now.Length; i++)
                {
                    double g = Estimate(members, z, tensor, i);
                    now[i] = (now[i] - Rate * _rule.WeightDecay * now[i]) + Rate * Direction(g, ref first[i], ref second[i]);
                    double distance = now[i] - origin[i];
                    if (_rule.Anchor == Anchor.L2) now[i] = origin[i] + (1 - Rate * _rule.AnchorStrength) * distance;
                    if (_rule.Anchor == Anchor.L1) now[i] = origin[i] + Math.Sign(distance) * Math.Max(Math.Abs(distance) - Rate * _rule.AnchorStrength, 0);
                }
        }

        /// <summary>Each part of a subspace takes the mean over its own members, everything else that over all.</summary>
        private static double Estimate(Perturbation[] members, float[] z, WeightTensor tensor, int i)
        {
            double sum = 0;
            int own = 0;
            for (int n = 0; n < members.Length; n++)
            {
                Perturbation m = members[n];
                if (m.Noise.Form == NoiseForm.Subspace && NoiseSource.PartOf(m.Source.PartKey, tensor.NoiseId, i, m.Noise.Parts) != m.Pair % m.Noise.Parts) continue;
                own++;
                sum += z[n] * m.Sign * Noise(m, tensor, i);
            }
            return sum / own;
        }

        private static double Noise(Perturbation m, WeightTensor tensor, int i)
        {
            if (m.Noise.Form == NoiseForm.Correlated) return Normals.At(m.Key, 0, i);
            if (m.Noise.Form != NoiseForm.LowRank || tensor.Shape.Count != 2) return Normals.At(m.Key, tensor.NoiseId, i);
            int rank = m.Noise.Rank, width = (int)tensor.Shape[1];
            double Factor(string which, int row, int j) => Normals.At(m.Key, TensorId.Of(tensor.Name + which), row * rank + j);
            return Enumerable.Range(0, rank).Sum(j => Factor("#A", i / width, j) * Factor("#B", i % width, j)) / Math.Sqrt(rank);
        }

        public void AssertNear(WeightTable weights)
        {
            for (int t = 0; t < _tensors.Count; t++)
                for (int i = 0; i < _tensors[t].Now.Length; i++) Assert.Equal(_tensors[t].Now[i], weights.Tensors[t].Span[i], 5e-6);
        }

        private double Direction(double g, ref double first, ref double second)
        {
            switch (_rule.Optimizer)
            {
                case Optimizer.Momentum:
                    return first = _rule.Momentum * first + g;
                case Optimizer.Adam:
                    first = _rule.Beta1 * first + (1 - _rule.Beta1) * g;
                    second = _rule.Beta2 * second + (1 - _rule.Beta2) * g * g;
                    return first / (1 - Math.Pow(_rule.Beta1, _steps)) / (Math.Sqrt(second / (1 - Math.Pow(_rule.Beta2, _steps))) + _rule.Epsilon);
                default:
                    return g;
            }
        }
    }
}
