using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Moves the masters in blocks that stay in the second-level cache: the noise is made again, block by block, for all members, and their sum is never stored
/// for more than a block. Frozen tensors are left out. What an update rule needs between updates is kept here: 4 bytes a weight for momentum, 8 for Adam, 4 for the base of an anchor.
/// </summary>
internal sealed unsafe class WeightUpdate(WeightTable weights) : IDisposable
{
    private const int Block = 8192;

    private WeightTensor[]? _tensors;
    private WeightTable? _first, _second, _base;
    private double _power1 = 1, _power2 = 1;

    public void Apply(WeightStep step, ThreadTeam team)
    {
        (NoiseKey Key, float Coefficient)[] terms = Terms(step.Members);
        WeightTensor[] tensors = _tensors ??= [.. weights.Tensors.Where(t => !t.Frozen)];
        Reserve(step.Rule, tensors);
        UpdateArithmetic arithmetic = new(step, _power1 *= step.Rule.Beta1, _power2 *= step.Rule.Beta2);
        // One run of the team over the blocks of all tensors: a meeting at the end of every small tensor would cost more than its work.
        int[] ends = new int[tensors.Length];
        for (int i = 0, end = 0; i < ends.Length; i++)
            ends[i] = end = checked(end + (int)((tensors[i].Length + Block - 1) / Block));
        team.Run(_ =>
        {
            float* sum = stackalloc float[Block];
            for (int block = team.Take(1); block < ends[^1]; block = team.Take(1))
            {
                int at = Array.BinarySearch(ends, block + 1);
                if (at < 0) at = ~at;
                WeightTensor tensor = tensors[at];
                long start = (long)(block - (at == 0 ? 0 : ends[at - 1])) * Block;
                int count = (int)Math.Min(Block, tensor.Length - start);
                new Span<float>(sum, count).Clear();
                foreach (var (key, coefficient) in terms) Normals.AddScaled(key, tensor.NoiseId, start, coefficient, sum, sum, count);
                arithmetic.Move(sum, tensor.Pointer + start, At(_first, at, start), At(_second, at, start), At(_base, at, start), count);
            }
        });
    }

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        _base?.Dispose();
    }

    /// <summary>Moments begin at 0; the base is what the weights are before the first update.</summary>
    private void Reserve(UpdateRule rule, WeightTensor[] tensors)
    {
        if (rule.Optimizer != Optimizer.Sgd) _first ??= Zeros(tensors);
        if (rule.Optimizer == Optimizer.Adam) _second ??= Zeros(tensors);
        if (rule.Anchor == Anchor.None || _base is not null) return;
        _base = Zeros(tensors);
        for (int i = 0; i < tensors.Length; i++) _base.Tensors[i].CopyFrom(tensors[i]);
    }

    private static WeightTable Zeros(WeightTensor[] tensors) => new(tensors.Select(t => new TensorSpec(t.Name, t.Shape, t.StoredType)));

    private static float* At(WeightTable? table, int tensor, long start) => table is null ? null : table.Tensors[tensor].Pointer + start;

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
