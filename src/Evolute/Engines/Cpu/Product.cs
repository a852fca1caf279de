using Evolute.Engines.Cpu.Kernels;

namespace Evolute.Engines.Cpu;

/// <summary>One matrix product of a step, its columns spread over the team; bias and residual are added by whoever made the columns.</summary>
internal sealed unsafe class Product
{
    private readonly CpuKernels _kernels;
    private readonly ThreadTeam _team;
    private readonly LowRankTerm _lowRank;
    private readonly Action<int> _columns;
    private RowBuffer _x = null!, _y = null!;
    private RowBuffer? _residual;
    private PackedMatrix _w = null!;
    private WorkingVector? _bias;
    private int[] _members = [];
    private int _rows;

    public Product(CpuKernels kernels, ThreadTeam team, LowRankTerm lowRank)
    {
        _kernels = kernels;
        _team = team;
        _lowRank = lowRank;
        _columns = Columns;
    }

    /// <summary>y = x·wᵀ with each row's weights being its member's (+ bias); with a residual, residual += y as well.</summary>
    public void Run(RowBuffer x, PackedMatrix w, RowBuffer y, int rows, int[] members, WorkingVector? bias = null, RowBuffer? residual = null)
    {
        (_x, _w, _y, _rows, _members, _bias, _residual) = (x, w, y, rows, members, bias, residual);
        _lowRank.Begin(x, w, rows, members);
        _team.Run(_columns);
    }

    private void Columns(int member)
    {
        // A few shares a member: large enough to reuse the rows from cache, small enough to end together.
        int pairs = _w.Columns / Panel.ColumnsTogether;
        int share = _team.Size == 1 ? pairs : Math.Clamp(pairs / (_team.Size * 4), 1, 8);
        for (int first = _team.Take(share); first < pairs; first = _team.Take(share))
        {
            int column0 = first * Panel.ColumnsTogether, column1 = Math.Min(first + share, pairs) * Panel.ColumnsTogether;
            _kernels.Multiply(_w.Type, _x.Data, _x.Stride, _w.Data, _w.K, _y.Data, _y.Stride, _rows, column0, column1);
            if (_lowRank.Any) _lowRank.AddTo(_y.Data, _y.Stride, column0, column1);
            for (int row = 0; row < _rows; row++)
            {
                float* y = _y.Row(row) + column0;
                if (_bias is not null) _kernels.Add(_bias.Of(_members[row]) + column0, y, column1 - column0);
                if (_residual is not null) _kernels.Add(y, _residual.Row(row) + column0, column1 - column0);
            }
        }
    }
}
