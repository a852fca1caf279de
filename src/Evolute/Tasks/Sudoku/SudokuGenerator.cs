using System.Globalization;
using System.Text;
using Evolute.Noise;

namespace Evolute.Tasks.Sudoku;

/// <summary>
/// An endless stream of different puzzles with one solution each. A full board is drawn and cells are emptied in random order while the solution stays unique. Every draw is a function of
/// (seed, split, puzzle, attempt), so a longer stream only appends. A solved board belongs to one split by its hash: eight tenths for training.
/// </summary>
internal sealed class SudokuGenerator(int size, int minEmpty, int maxEmpty, TaskSplit split, ulong seed)
{
    private const uint Domain = 0x5355444f, Version = 1, MaxAttempts = 2000;
    private const ulong FixedSeed = 20250924;

    private readonly (uint K0, uint K1) _key = Key(split == TaskSplit.Train ? seed : FixedSeed, split);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The next puzzle and its solution, 0 for an empty cell.</summary>
    /// <exception cref="EvoluteInputException">No new puzzle turns up.</exception>
    public (int[] Puzzle, int[] Solution) Next()
    {
        uint number = (uint)_seen.Count;
        for (uint attempt = 0; attempt < MaxAttempts; attempt++)
        {
            SudokuBoard board = SudokuBoard.Empty(size);
            if (!board.Fill(cell => Order(number, attempt, 1 + (uint)cell, 1, size))) continue;
            int[] solution = [.. board.Cells];
            if (!Contains(split, SudokuBoard.Digits(solution))) continue;
            int empty = minEmpty + (int)(Philox.Block(number, attempt, 0, 0, _key.K0, _key.K1).W0 * (ulong)(maxEmpty - minEmpty + 1) >> 32);
            foreach (int cell in Order(number, attempt, 200, 0, size * size))
            {
                if (empty == 0) break;
                int digit = board.Cells[cell];
                board.Set(cell, 0);
                if (board.Solve() is { Count: 1 }) empty--;
                else board.Set(cell, digit);
            }
            if (empty == 0 && _seen.Add(SudokuBoard.Digits(board.Cells))) return (board.Cells, solution);
        }
        throw new EvoluteInputException(string.Create(CultureInfo.InvariantCulture, $"The task sudoku finds only {number} different {split.ToString().ToLowerInvariant()} puzzles of these options: ask for fewer, or give a smaller min-empty."));
    }

    private static bool Contains(TaskSplit split, string solution)
    {
        ulong hash = TensorId.Fnv1a64(Encoding.ASCII.GetBytes(solution));
        hash ^= hash >> 32;
        return (hash % 10) switch { 0 => split == TaskSplit.Test, 1 => split == TaskSplit.Validation, _ => split == TaskSplit.Train };
    }

    // A random order of count numbers from first on: sorted by draws, equal ones by number.
    private int[] Order(uint number, uint attempt, uint place, int first, int count)
    {
        uint[] draws = new uint[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            var (w0, w1, w2, w3) = Philox.Block(number, attempt, place, 1 + (uint)i / 4, _key.K0, _key.K1);
            draws[i] = (i % 4) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
            order[i] = first + i;
        }
        return [.. order.OrderBy(n => draws[n - first]).ThenBy(n => n)];
    }

    private static (uint, uint) Key(ulong seed, TaskSplit split)
    {
        var (w0, w1, _, _) = Philox.Block((uint)split, 0, Domain, Version, (uint)seed, (uint)(seed >> 32));
        return (w0, w1);
    }
}
