using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Moves the masters in blocks that stay in the second-level cache: the noise is made again, block by block, for all members, and their sum is never stored
/// for more than a block. Frozen tensors are left out. What an update rule needs between updates is kept here: 4 bytes a weight for momentum, 8 for Adam, 4 for the base of an anchor.
/// </summary>
internal sealed unsafe class WeightUpdate(WeightTable weights, CpuKernels? kernels = null) : IDisposable
{
    private const int Block = 8192;

    private WeightTensor[]? _tensors;
    private WeightTable? _first, _second, _base;
    private double _power1 = 1, _power2 = 1;

    public void Apply(WeightStep step, ThreadTeam team)
    {
        NoiseKind noise = step.Members.Count == 0 ? default : step.Members[0].Member.Noise;
        (Perturbation Member, float Coefficient)[] terms = Terms(step.Members);
        WeightTensor[] tensors = _tensors ??= [.. weights.Tensors.Where(t => !t.Frozen)];
        Reserve(step.Rule, tensors);
        UpdateArithmetic arithmetic = new(step, _power1 *= step.Rule.Beta1, _power2 *= step.Rule.Beta2);
        int[] all = [.. Enumerable.Range(0, tensors.Length)];
        void Move(int tensor, float* sum, long start, int count) =>
            arithmetic.Move(sum, tensors[tensor].Pointer + start, At(_first, tensor, start), At(_second, tensor, start), At(_base, tensor, start), count);
        AddElements(tensors, [.. all.Where(i => !noise.HasFactors(tensors[i].Shape.Count))], noise, terms, team, Move);
        AddFactors(tensors, [.. all.Where(i => noise.HasFactors(tensors[i].Shape.Count))], noise, terms, team, Move);
    }

    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        _base?.Dispose();
    }

    /// <summary>Σ cₙ·ε element by element.</summary>
    private static void AddElements(WeightTensor[] tensors, int[] which, NoiseKind noise, (Perturbation Member, float Coefficient)[] terms, ThreadTeam team, Mover move)
    {
        // A part's estimate is the mean over its own members, of which there are N/K.
        (NoiseSource Source, float Coefficient)[] sources = [.. terms.Select(t => (t.Member.Source, noise.Form == NoiseForm.Subspace ? noise.Parts * t.Coefficient : t.Coefficient))];
        // One run of the team over the blocks of all tensors: a meeting at the end of every small tensor would cost more than its work.
        int[] ends = Ends(which, i => checked((int)((tensors[i].Length + Block - 1) / Block)));
        team.Run(_ =>
        {
            float* sum = stackalloc float[Block];
            for (int block = team.Take(1); block < ends[^1]; block = team.Take(1))
            {
                (int at, int within) = Find(ends, block);
                WeightTensor tensor = tensors[which[at]];
                long start = (long)within * Block;
                int count = (int)Math.Min(Block, tensor.Length - start);
                new Span<float>(sum, count).Clear();
                foreach (var (source, coefficient) in sources) source.AddScaled(tensor.NoiseId, start, coefficient, sum, sum, count);
                move(which[at], sum, start, count);
            }
        });
    }

    /// <summary>Σ cₙ/√r·A·Bᵀ of matrices with low-rank noise.</summary>
    private void AddFactors(WeightTensor[] tensors, int[] which, NoiseKind noise, (Perturbation Member, float Coefficient)[] terms, ThreadTeam team, Mover move)
    {
        if (which.Length == 0) return;
        (NoiseKey Key, float Coefficient)[] members = [.. terms.Select(t => (t.Member.Key, (float)(t.Coefficient / Math.Sqrt(noise.Rank))))];
        int[] ends = Ends(which, i => FactorUpdate.Pieces(tensors[i]));
        team.Run(_ =>
        {
            using FactorUpdate update = new(kernels ?? CpuKernels.Best, members, noise.Rank);
            for (int piece = team.Take(1); piece < ends[^1]; piece = team.Take(1))
            {
                (int at, int within) = Find(ends, piece);
                update.Run(tensors[which[at]], within, (sum, start, count) => move(which[at], sum, start, count));
            }
        });
    }

    /// <summary>The number of pieces up to and with each tensor; 0 where there is none.</summary>
    private static int[] Ends(int[] which, Func<int, int> pieces)
    {
        int[] ends = new int[Math.Max(1, which.Length)];
        for (int i = 0, end = 0; i < which.Length; i++) ends[i] = end = checked(end + pieces(which[i]));
        return ends;
    }

    private static (int Tensor, int Piece) Find(int[] ends, int piece)
    {
        int at = Array.BinarySearch(ends, piece + 1);
        if (at < 0) at = ~at;
        return (at, piece - (at == 0 ? 0 : ends[at - 1]));
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
    private static (Perturbation Member, float Coefficient)[] Terms(IReadOnlyList<MemberCoefficient> members)
    {
        List<(Perturbation Member, float Coefficient)> terms = new(members.Count);
        for (int n = 0; n < members.Count; n++)
        {
            Perturbation member = members[n].Member;
            float coefficient = member.Sign * members[n].Coefficient;
            if (n > 0 && members[n - 1].Member with { Sign = member.Sign } == member) terms[^1] = (member, terms[^1].Coefficient + coefficient);
            else terms.Add((member, coefficient));
        }
        return [.. terms];
    }

    /// <summary>Moves some of a tensor's masters by their sums.</summary>
    private delegate void Mover(int tensor, float* sum, long start, int count);
}
