using System.Buffers;

namespace Evolute.Text.Subwords;

/// <summary>Applies merges to a row of symbols: always the pair of lowest rank, the leftmost of equals.</summary>
internal static class PairMerger
{
    private const int ShortRow = 48;

    /// <summary>Merges in place and returns how many symbols are left.</summary>
    public static int Merge(MergeTable table, Span<int> symbols) =>
        symbols.Length <= ShortRow ? MergeByScan(table, symbols) : MergeByQueue(table, symbols);

    /// <summary>Looks through all pairs for each merge: fastest for words.</summary>
    internal static int MergeByScan(MergeTable table, Span<int> symbols)
    {
        int count = symbols.Length;
        Span<int> ranks = stackalloc int[Math.Min(count, ShortRow) + 1];
        Span<int> wholes = stackalloc int[ranks.Length];
        for (int i = 0; i + 1 < count; i++) ranks[i] = table.Rank(symbols[i], symbols[i + 1], out wholes[i]);
        while (count > 1)
        {
            int at = 0;
            for (int i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[at]) at = i;
            if (ranks[at] == MergeTable.Never) break;
            symbols[at] = wholes[at];
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            ranks[(at + 2)..count].CopyTo(ranks[(at + 1)..]);
            wholes[(at + 2)..count].CopyTo(wholes[(at + 1)..]);
            count--;
            if (at > 0) ranks[at - 1] = table.Rank(symbols[at - 1], symbols[at], out wholes[at - 1]);
            if (at + 1 < count) ranks[at] = table.Rank(symbols[at], symbols[at + 1], out wholes[at]);
        }
        return count;
    }

    /// <summary>Keeps the pairs in a queue over a linked list: n·log n however long the row.</summary>
    internal static int MergeByQueue(MergeTable table, Span<int> symbols)
    {
        int count = symbols.Length;
        int[] rented = ArrayPool<int>.Shared.Rent(4 * count);
        try
        {
            Span<int> ranks = rented.AsSpan(0, count), wholes = rented.AsSpan(count, count);
            Span<int> previous = rented.AsSpan(2 * count, count), next = rented.AsSpan(3 * count, count);
            PriorityQueue<int, long> queue = new(count);
            for (int i = 0; i < count; i++) (previous[i], next[i]) = (i - 1, i + 1);
            for (int i = 0; i < count; i++) Consider(i, symbols, ranks, wholes, next);
            while (queue.TryDequeue(out int at, out long key))
            {
                // A pair that changed since it was queued has another rank, or is gone.
                if (ranks[at] != (int)(key >> 32)) continue;
                int right = next[at], after = next[right];
                symbols[at] = wholes[at];
                next[at] = after;
                ranks[right] = MergeTable.Never;
                if (after < count) previous[after] = at;
                if (previous[at] >= 0) Consider(previous[at], symbols, ranks, wholes, next);
                Consider(at, symbols, ranks, wholes, next);
            }
            int kept = 0;
            for (int i = 0; i < count; i = next[i]) symbols[kept++] = symbols[i];
            return kept;

            void Consider(int at, Span<int> row, Span<int> rank, Span<int> whole, Span<int> following)
            {
                rank[at] = following[at] < count ? table.Rank(row[at], row[following[at]], out whole[at]) : MergeTable.Never;
                if (rank[at] != MergeTable.Never) queue.Enqueue(at, (long)rank[at] << 32 | (uint)at);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }
}
