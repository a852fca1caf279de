using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// θ ← fma(scale, Σ zₙ εₙ, θ) over all tensors in blocks that stay in the second-level cache: the noise is made again, block by block, for all members, and
/// the sum is never stored for more than a block.
/// </summary>
internal static unsafe class WeightUpdate
{
    private const int Block = 8192;

    public static void Apply(WeightTable weights, IReadOnlyList<MemberCoefficient> members, float scale, ThreadTeam team)
    {
        var keys = new NoiseKey[members.Count];
        var coefficients = new float[members.Count];
        for (int n = 0; n < keys.Length; n++)
        {
            keys[n] = members[n].Member.Key;
            coefficients[n] = members[n].Member.Sign * members[n].Coefficient;
        }
        // One run of the team over the blocks of all tensors: a meeting at the end of every small tensor would cost more than its work.
        int[] ends = new int[weights.Tensors.Count];
        for (int i = 0, end = 0; i < ends.Length; i++)
            ends[i] = end = checked(end + (int)((weights.Tensors[i].Length + Block - 1) / Block));
        team.Run(_ =>
        {
            float* sum = stackalloc float[Block];
            for (int block = team.Take(1); block < ends[^1]; block = team.Take(1))
            {
                int at = Array.BinarySearch(ends, block + 1);
                if (at < 0) at = ~at;
                WeightTensor tensor = weights.Tensors[at];
                long start = (long)(block - (at == 0 ? 0 : ends[at - 1])) * Block;
                int count = (int)Math.Min(Block, tensor.Length - start);
                new Span<float>(sum, count).Clear();
                for (int n = 0; n < keys.Length; n++) Normals.AddScaled(keys[n], tensor.NoiseId, start, coefficients[n], sum, sum, count);
                float* w = tensor.Pointer + start;
                for (int i = 0; i < count; i++) w[i] = Numerics.FusedMultiplyAdd.Of(scale, sum[i], w[i]);
            }
        });
    }
}
