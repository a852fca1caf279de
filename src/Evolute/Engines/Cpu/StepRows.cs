using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>A step's rows on their way through the layers, and what all parts of a layer share.</summary>
internal sealed unsafe class StepRows : IDisposable
{
    /// <summary>Rows that a member of the team takes at once.</summary>
    public const int Share = 8;

    private readonly Action<int> _embedRows, _normRows, _addRows;
    private WorkingCopy? _weights;
    private WorkingVector? _norm;
    private RowBuffer _added;

    public StepRows(ModelSpec spec, CpuKernels kernels, ThreadTeam team, int rows)
    {
        (Spec, Kernels, Team) = (spec, kernels, team);
        LowRank = new LowRankTerm(kernels, team);
        Product = new Product(kernels, team, LowRank);
        Runs = new SequenceRuns(rows);
        Residual = new RowBuffer(rows, spec.HiddenSize);
        Normed = new RowBuffer(rows, spec.HiddenSize);
        Projected = new RowBuffer(rows, spec.HiddenSize);
        _added = Projected;
        (_embedRows, _normRows, _addRows) = (EmbedRows, NormRows, AddRows);
    }

    public ModelSpec Spec { get; }

    public CpuKernels Kernels { get; }

    public ThreadTeam Team { get; }

    public Product Product { get; }

    /// <summary>What members' low-rank noise adds to products.</summary>
    public LowRankTerm LowRank { get; }

    public SequenceRuns Runs { get; }

    /// <summary>Rows there is room for.</summary>
    public int Capacity => Runs.Capacity;

    public StepBatch Batch { get; private set; } = new(0);

    public int Count => Batch.Count;

    /// <summary>Each row's member.</summary>
    public int[] Members => Batch.Members;

    /// <summary>The sum of all layers so far.</summary>
    public RowBuffer Residual { get; }

    /// <summary>What a part of a layer takes in.</summary>
    public RowBuffer Normed { get; }

    /// <summary>What a part of a layer gives out.</summary>
    public RowBuffer Projected { get; }

    public void Begin(StepBatch batch)
    {
        Batch = batch;
        Runs.Find(batch);
    }

    /// <summary>The residual = the tokens' embeddings.</summary>
    public void Embed(WorkingCopy weights)
    {
        _weights = weights;
        Team.Run(_embedRows);
    }

    /// <summary><see cref="Normed"/> = the residual's norms.</summary>
    public void Norm(WorkingVector norm)
    {
        _norm = norm;
        Team.Run(_normRows);
    }

    /// <summary>The residual += x·wᵀ + bias, normed first where the family has a norm there.</summary>
    public void AddProduct(RowBuffer x, PackedMatrix w, WorkingVector? bias, WorkingVector? normAfter)
    {
        Product.Run(x, w, Projected, Count, Members, bias, normAfter is null ? Residual : null);
        if (normAfter is not null) Add(Projected, normAfter);
    }

    /// <summary>The residual += y, normed first where there is a norm; y is changed.</summary>
    public void Add(RowBuffer y, WorkingVector? norm)
    {
        (_added, _norm) = (y, norm);
        Team.Run(_addRows);
    }

    public void Dispose()
    {
        LowRank.Dispose();
        Residual.Dispose();
        Normed.Dispose();
        Projected.Dispose();
    }

    private void EmbedRows(int member)
    {
        for (int first = Team.Take(Share); first < Count; first = Team.Take(Share))
            for (int row = first; row < Math.Min(first + Share, Count); row++)
                _weights!.Embed(Batch.Tokens[row], Members[row], Kernels, Residual.Row(row));
    }

    private void NormRows(int member)
    {
        for (int first = Team.Take(Share); first < Count; first = Team.Take(Share))
            for (int row = first; row < Math.Min(first + Share, Count); row++)
                Kernels.RmsNorm(Residual.Row(row), _norm!.Of(Members[row]), Spec.NormEpsilon, Normed.Row(row), Spec.HiddenSize);
    }

    private void AddRows(int member)
    {
        for (int first = Team.Take(Share); first < Count; first = Team.Take(Share))
            for (int row = first; row < Math.Min(first + Share, Count); row++)
            {
                float* y = _added.Row(row);
                if (_norm is not null) Kernels.RmsNorm(y, _norm.Of(Members[row]), Spec.NormEpsilon, y, Spec.HiddenSize);
                Kernels.Add(y, Residual.Row(row), Spec.HiddenSize);
            }
    }
}
