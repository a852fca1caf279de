using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>Weights for a shape: normals of a seed, small enough that nothing overflows; norms multiply by 1.</summary>
internal static class RandomWeights
{
    private const float Scale = 0.02f;
    private const int Block = 1 << 16;

    /// <summary>The weights, the same ones whatever the number of threads.</summary>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    public static WeightTable Of(ModelSpec spec, ulong seed, int threads)
    {
        WeightTable weights = new(ModelTensors.Of(spec), clear: false);
        // Iterations count from 1, so that no perturbation has these normals.
        NoiseKey key = NoiseKey.Of(seed, 0, 0, NoiseDomain.Perturbation);
        using ThreadTeam team = new(threads);
        foreach (WeightTensor tensor in weights.Tensors)
        {
            bool norm = tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal);
            int blocks = checked((int)((tensor.Length + Block - 1) / Block));
            team.Run(_ =>
            {
                for (int block = team.Take(1); block < blocks; block = team.Take(1))
                {
                    long start = (long)block * Block;
                    Span<float> values = tensor.Slice(start, (int)Math.Min(Block, tensor.Length - start));
                    if (norm) values.Fill(spec.UnitOffsetNorms ? 0 : 1);
                    else Fill(key, tensor.NoiseId, start, values);
                }
            });
        }
        return weights;
    }

    private static void Fill(NoiseKey key, ulong tensor, long start, Span<float> values)
    {
        Normals.Fill(key, tensor, start, values);
        foreach (ref float value in values) value *= Scale;
    }
}
