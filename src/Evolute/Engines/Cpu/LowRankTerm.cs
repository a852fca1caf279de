using Evolute.Engines.Cpu.Kernels;

namespace Evolute.Engines.Cpu;

/// <summary>
/// What members' low-rank noise adds to a product of rows of several members with weights that all share: y += (s·(x·B))·Aᵀ with each row's own factors. What is
/// added to a row depends on nothing but the row and its member.
/// </summary>
internal sealed unsafe class LowRankTerm : IDisposable
{
    private readonly CpuKernels _kernels;
    private readonly ThreadTeam _team;
    private readonly Action<int> _sumRows;
    private NativeBuffer _sums = new(0);
    private MatrixFactors? _factors;
    private RowBuffer _x = null!;
    private int[] _members = [];
    private int _rows;

    public LowRankTerm(CpuKernels kernels, ThreadTeam team)
    {
        (_kernels, _team) = (kernels, team);
        _sumRows = SumRows;
    }

    /// <summary>Whether the product that has begun has such a term.</summary>
    public bool Any => _factors is not null;

    /// <summary>Begins with a product's rows: their inner products with B.</summary>
    public void Begin(RowBuffer x, PackedMatrix w, int rows, int[] members)
    {
        _factors = w.Factors.Terms > 0 ? w.Factors : null;
        if (_factors is null) return;
        (_x, _rows, _members) = (x, rows, members);
        if (_sums.Length < (long)rows * _factors.Terms)
        {
            _sums.Dispose();
            _sums = new NativeBuffer((long)rows * _factors.Terms);
        }
        _team.Run(_sumRows);
    }

    /// <summary>Adds to a row's columns <paramref name="column0"/> to <paramref name="column1"/>, multiples of 16.</summary>
    /// <param name="row">The row.</param>
    /// <param name="y">Where its column 0 is.</param>
    /// <param name="column0">The first column.</param>
    /// <param name="column1">The column after the last.</param>
    public void AddTo(int row, float* y, int column0, int column1)
    {
        MatrixFactors factors = _factors!;
        float* sums = _sums.Data + (long)row * factors.Terms, a = factors.A(_members[row]);
        foreach (MatrixFactors.Part part in factors.Parts)
        {
            int from = Math.Max(column0, part.Column), to = Math.Min(column1, part.Column + Panel.Padded(part.Matrix.Rows));
            if (from < to) _kernels.AddRanks(sums + part.Tensor * factors.Rank, a + from, factors.Columns, factors.Rank, y + from, to - from);
        }
    }

    public void Dispose() => _sums.Dispose();

    private void SumRows(int member)
    {
        MatrixFactors factors = _factors!;
        for (int first = _team.Take(StepRows.Share); first < _rows; first = _team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, _rows); row++)
                _kernels.Dots(
                    _x.Row(row), factors.B(_members[row]), factors.StrideB, factors.Terms, factors.Inputs, factors.Scale(_members[row]), _sums.Data + (long)row * factors.Terms);
    }
}
