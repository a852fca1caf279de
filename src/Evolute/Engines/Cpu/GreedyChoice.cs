using Evolute.Engines.Cpu.Kernels;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The likeliest token of each row, found while the head's product is made: a few columns of logits stand in the first-level cache, their greatest is taken, and the next
/// ones overwrite them, so that the logits of all rows, 600 kB each for a vocabulary of 150,000, are never written.
/// </summary>
internal sealed unsafe class GreedyChoice : IDisposable
{
    private const int ColumnsTogether = 4 * Panel.ColumnsTogether;

    private readonly StepRows _step;
    private readonly PackedMatrix _head;
    private readonly int _vocabularySize, _mostRows;
    private readonly NativeBuffer[] _logits;
    private readonly float[] _best;
    private readonly int[] _tokens;
    private readonly Action<int> _chooseColumns;
    private int _rows;

    /// <summary>The choice.</summary>
    /// <param name="step">Its normed rows are what the head is applied to.</param>
    /// <param name="head">What gives the logits.</param>
    /// <param name="mostRows">Most rows at once.</param>
    public GreedyChoice(StepRows step, PackedMatrix head, int mostRows)
    {
        (_step, _head, _vocabularySize, _mostRows) = (step, head, step.Spec.VocabularySize, mostRows);
        _logits = [.. Enumerable.Range(0, step.Team.Size).Select(_ => new NativeBuffer((long)mostRows * ColumnsTogether))];
        _best = new float[step.Team.Size * mostRows];
        _tokens = new int[step.Team.Size * mostRows];
        _chooseColumns = ChooseColumns;
    }

    /// <summary>Finds the tokens of the first <paramref name="rows"/> normed rows, each with its member's head; <see cref="Token"/> tells them.</summary>
    public void Run(int rows, int[] members)
    {
        _rows = rows;
        Array.Fill(_tokens, -1);
        _step.LowRank.Begin(_step.Normed, _head, rows, members);
        _step.Team.Run(_chooseColumns);
    }

    /// <summary>The token of greatest logit, the first of equals; NaN is never greatest.</summary>
    public int Token(int row)
    {
        int at = row;
        for (int other = row + _mostRows; other < _tokens.Length; other += _mostRows)
            if (_tokens[other] >= 0 && (_tokens[at] < 0 || _best[other] > _best[at] || (_best[other] == _best[at] && _tokens[other] < _tokens[at])))
                at = other;
        return Math.Max(_tokens[at], 0);
    }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _logits) buffer.Dispose();
    }

    private void ChooseColumns(int member)
    {
        float* logits = _logits[member].Data;
        int first = member * _mostRows;
        for (int column = _step.Team.Take(ColumnsTogether); column < _vocabularySize; column = _step.Team.Take(ColumnsTogether))
        {
            int end = Math.Min(column + ColumnsTogether, _head.Columns);
            _step.Kernels.Multiply(_head.Type, _step.Normed.Data, _step.Normed.Stride, _head.Data, _head.K, logits - column, ColumnsTogether, _rows, column, end);
            if (_step.LowRank.Any) _step.LowRank.AddTo(logits - column, ColumnsTogether, column, end);
            for (int row = 0; row < _rows; row++)
            {
                float* own = logits + row * ColumnsTogether;
                bool any = _tokens[first + row] >= 0;
                // A member's columns ascend, so that of equals the first stays.
                int greatest = _step.Kernels.ArgMax(own, Math.Min(end, _vocabularySize) - column, any ? _best[first + row] : float.NaN);
                if (greatest < 0 || (!any && float.IsNaN(own[greatest]))) continue;
                (_best[first + row], _tokens[first + row]) = (own[greatest], column + greatest);
            }
        }
    }
}
