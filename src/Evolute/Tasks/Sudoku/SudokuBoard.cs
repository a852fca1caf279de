using System.Numerics;
using System.Text;

namespace Evolute.Tasks.Sudoku;

/// <summary>A board of 4×4 or 9×9 cells, row by row; 0 is an empty cell.</summary>
internal sealed class SudokuBoard
{
    private const int MaxSteps = 500_000;

    private readonly int _box;
    private readonly int[] _rows, _columns, _boxes;

    private SudokuBoard(int size)
    {
        (Size, Cells) = (size, new int[size * size]);
        _box = size == 4 ? 2 : 3;
        (_rows, _columns, _boxes) = (new int[size], new int[size], new int[size]);
    }

    /// <summary>Cells in a row.</summary>
    public int Size { get; }

    /// <summary>The digits; to be changed by <see cref="Set"/>.</summary>
    public int[] Cells { get; }

    /// <summary>An empty board.</summary>
    public static SudokuBoard Empty(int size) => new(size);

    /// <summary>A board of 16 or 81 digits, with <c>0</c>, <c>.</c> or <c>_</c> for an empty cell and white space anywhere; null where that is not one, or where a digit is in a row, column or box twice.</summary>
    public static SudokuBoard? Parse(string text)
    {
        string digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c)).Take(82));
        if (digits.Length is not (16 or 81)) return null;
        SudokuBoard board = new(digits.Length == 16 ? 4 : 9);
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[i] is '.' or '_' ? 0 : digits[i] - '0';
            if (digit < 0 || digit > board.Size || (digit > 0 && !board.Allows(i, digit))) return null;
            board.Set(i, digit);
        }
        return board;
    }

    /// <summary>Whether a cell may hold a digit as the board is.</summary>
    public bool Allows(int cell, int digit) => (Taken(cell) >> digit & 1) == 0;

    /// <summary>Puts a digit into a cell, or empties it.</summary>
    public void Set(int cell, int digit)
    {
        int bits = Cells[cell] == 0 ? 1 << digit & ~1 : 1 << Cells[cell] | (1 << digit & ~1);
        (int row, int column) = (cell / Size, cell % Size);
        _rows[row] ^= bits;
        _columns[column] ^= bits;
        _boxes[BoxOf(row, column)] ^= bits;
        Cells[cell] = digit;
    }

    /// <summary>The number of solutions, up to two, and the first of them; null where the search is too long to tell.</summary>
    public (int Count, int[] First)? Solve()
    {
        int count = 0, steps = 0;
        int[] first = [];
        return Search(ref count, ref steps, ref first) ? (count, first) : null;
    }

    /// <summary>Fills the board at random: the cell with the fewest digits left is next, its digits in the order that <paramref name="order"/> gives for the cell.</summary>
    public bool Fill(Func<int, int[]> order)
    {
        int cell = Narrowest();
        if (cell < 0) return true;
        foreach (int digit in order(cell))
        {
            if (!Allows(cell, digit)) continue;
            Set(cell, digit);
            if (Fill(order)) return true;
            Set(cell, 0);
        }
        return false;
    }

    private bool Search(ref int count, ref int steps, ref int[] first)
    {
        if (++steps > MaxSteps) return false;
        int cell = Narrowest();
        if (cell < 0)
        {
            if (count++ == 0) first = [.. Cells];
            return true;
        }
        for (int digit = 1; digit <= Size && count < 2; digit++)
        {
            if (!Allows(cell, digit)) continue;
            Set(cell, digit);
            bool known = Search(ref count, ref steps, ref first);
            Set(cell, 0);
            if (!known) return false;
        }
        return true;
    }

    private int Narrowest()
    {
        int best = -1, least = int.MaxValue;
        for (int cell = 0; cell < Cells.Length; cell++)
        {
            if (Cells[cell] != 0) continue;
            int left = Size - BitOperations.PopCount((uint)Taken(cell));
            if (left < least) (best, least) = (cell, left);
        }
        return best;
    }

    private int Taken(int cell)
    {
        (int row, int column) = (cell / Size, cell % Size);
        return _rows[row] | _columns[column] | _boxes[BoxOf(row, column)];
    }

    private int BoxOf(int row, int column) => row / _box * _box + column / _box;

    /// <summary>Rows apart by newlines, cells by spaces, <c>_</c> for an empty cell.</summary>
    public static string Render(IReadOnlyList<int> cells)
    {
        int size = cells.Count == 16 ? 4 : 9;
        StringBuilder text = new(2 * cells.Count);
        for (int i = 0; i < cells.Count; i++)
        {
            if (i > 0) text.Append(i % size == 0 ? '\n' : ' ');
            text.Append(cells[i] == 0 ? '_' : (char)('0' + cells[i]));
        }
        return text.ToString();
    }

    /// <summary>The digits in a row of characters.</summary>
    public static string Digits(IReadOnlyList<int> cells) => string.Concat(cells.Select(c => (char)('0' + c)));
}
