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

    public static void Apply(WeightTable weights, WeightStep step, ThreadTeam team)
    {
        (NoiseKey Key, float Coefficient)[] terms = Terms(step.Members);
        float scale = (float)(step.LearningRate / step.Members.Count);
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
                foreach (var (key, coefficient) in terms) Normals.AddScaled(key, tensor.NoiseId, start, coefficient, sum, sum, count);
                float* w = tensor.Pointer + start;
                for (int i = 0; i < count; i++) w[i] = Numerics.FusedMultiplyAdd.Of(scale, sum[i], w[i]);
            }
        });
    }

    /// <summary>What is summed, in order: neighbours with the same noise are one term, so that a mirrored pair's noise is made once.</summary>
    private static (NoiseKey Key, float Coefficient)[] Terms(IReadOnlyList<MemberCoefficient> members)
    {
        List<(NoiseKey Key, float Coefficient)> terms = new(members.Count);
        for (int n = 0; n < members.Count; n++)
        {
            Perturbation member = members[n].Member;
            float coefficient = member.Sign * members[n].Coefficient;
            if (n > 0 && members[n - 1].Member with { Sign = member.Sign } == member) terms[^1] = (member.Key, terms[^1].Coefficient + coefficient);
            else terms.Add((member.Key, coefficient));
        }
        return [.. terms];
    }
}
