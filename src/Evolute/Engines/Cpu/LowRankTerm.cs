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
    private NativeBuffer _members = new(0);
    private MatrixFactors? _factors;
    private RowBuffer _x = null!;
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
        (_x, _rows) = (x, rows);
        if (_members.Length < rows)
        {
            _members.Dispose();
            _members = new NativeBuffer(rows);
        }
        members.AsSpan(0, rows).CopyTo(new Span<int>(_members.Data, rows));
        if (_sums.Length < (long)rows * _factors.Terms)
        {
            _sums.Dispose();
            _sums = new NativeBuffer((long)rows * _factors.Terms);
        }
        _team.Run(_sumRows);
    }

    /// <summary>Adds to the rows' columns <paramref name="column0"/> to <paramref name="column1"/>, multiples of 32.</summary>
    /// <param name="y">Where the first row's column 0 is.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="column0">The first column.</param>
    /// <param name="column1">The column after the last.</param>
    public void AddTo(float* y, nint stride, int column0, int column1)
    {
        MatrixFactors factors = _factors!;
        FactorRows rows = Rows(0, _rows);
        foreach (MatrixFactors.Part part in factors.Parts)
        {
            int from = Math.Max(column0, part.Column), to = Math.Min(column1, part.Column + Panel.Padded(part.Matrix.Rows));
            if (from < to) _kernels.AddRanks(rows, part.Tensor * factors.Rank, factors.A(0) + from, factors.Columns, factors.Rank, y + from, stride, to - from);
        }
    }

    public void Dispose()
    {
        _sums.Dispose();
        _members.Dispose();
    }

    private FactorRows Rows(int first, int end) =>
        new(end - first, (nint)(_members.Data + first), _factors!.Stride, (nint)(_sums.Data + (long)first * _factors.Terms), _factors.Terms);

    private void SumRows(int member)
    {
        MatrixFactors factors = _factors!;
        int share = _team.Size == 1 ? _rows : StepRows.Share;
        for (int first = _team.Take(share); first < _rows; first = _team.Take(share))
            _kernels.Dots(Rows(first, Math.Min(first + share, _rows)), _x.Row(first), _x.Stride, factors.B(0), factors.StrideB, factors.Inputs, factors.Scales);
    }
}
