namespace Evolute.Tasks.Arc;

/// <summary>
/// Finds the grid in a response. A row is a line of digits that are all apart (by spaces, commas or brackets) or all together; lines of a grid follow one another and are equally long. The work
/// is proportional to the text.
/// </summary>
internal static class ArcAnswer
{
    private const string Open = "<answer>", Close = "</answer>", Fence = "```";

    /// <summary>The grid that is all that stands in the last whole <c>&lt;answer&gt;…&lt;/answer&gt;</c>; null where it holds anything else, or there is none.</summary>
    public static ArcGrid? Strict(string response) => Tagged(response) is { } block && Grids(block.Span, onlyGrids: true) is { Count: 1, Grid: { } grid } ? grid : null;

    /// <summary>The last grid in the last whole <c>&lt;answer&gt;…&lt;/answer&gt;</c>, else in the last fenced block, else in the response; null where there is none.</summary>
    public static ArcGrid? Lenient(string response)
    {
        foreach (ReadOnlyMemory<char>? block in (ReadOnlyMemory<char>?[])[Tagged(response), Fenced(response), response.AsMemory()])
            if (block is { } text && Grids(text.Span, onlyGrids: false).Grid is { } grid) return grid;
        return null;
    }

    private static ReadOnlyMemory<char>? Tagged(string response)
    {
        int close = response.LastIndexOf(Close, StringComparison.Ordinal);
        int open = close < 0 ? -1 : response.AsSpan(0, close).LastIndexOf(Open, StringComparison.Ordinal);
        return open < 0 ? null : response.AsMemory((open + Open.Length)..close);
    }

    // The language's name behind the opening fence is no row of a grid, whatever it is.
    private static ReadOnlyMemory<char>? Fenced(string response)
    {
        int close = response.LastIndexOf(Fence, StringComparison.Ordinal);
        int open = close < 0 ? -1 : response.AsSpan(0, close).LastIndexOf(Fence, StringComparison.Ordinal);
        if (open < 0) return null;
        int line = response.IndexOf('\n', open, close - open);
        return line < 0 ? null : response.AsMemory(line..close);
    }

    /// <summary>The last grid and how many there are; no grid where one is needed to stand alone and does not.</summary>
    private static (ArcGrid? Grid, int Count) Grids(ReadOnlySpan<char> text, bool onlyGrids)
    {
        ArcGrid? last = null;
        int count = 0;
        List<byte[]> rows = [];
        Span<byte> cells = stackalloc byte[ArcGrid.MaxSide];
        bool tooTall = false;
        // A list's end ends its row, so that [[1,2],[3,4]] is two rows.
        foreach (Range range in text.SplitAny('\n', ']'))
        {
            ReadOnlySpan<char> line = text[range];
            // [0,1],[2,3] leaves nothing between its last bracket and the line's end.
            if (line.IndexOfAnyExcept(" \t\r,[") < 0)
            {
                if (range.End.Value < text.Length && text[range.End.Value] == '\n' && line.IndexOfAny(',', '[') < 0 && !EndsRow(text, range)) Finish();
                continue;
            }
            int width = Row(line, cells);
            if (width <= 0 || (rows.Count > 0 && rows[0].Length != width)) Finish();
            if (width <= 0)
            {
                if (onlyGrids) return (null, 0);
                continue;
            }
            if (rows.Count == ArcGrid.MaxSide) tooTall = true;
            else rows.Add(cells[..width].ToArray());
        }
        Finish();
        return (last, count);

        void Finish()
        {
            if (rows.Count > 0)
            {
                count++;
                if (!tooTall) last = new([.. rows]);
            }
            tooTall = false;
            rows.Clear();
        }
    }

    private static bool EndsRow(ReadOnlySpan<char> text, Range range) => range.Start.Value > 0 && text[range.Start.Value - 1] == ']';

    /// <summary>A line's cells and how many they are; 0 for a line that is no row.</summary>
    private static int Row(ReadOnlySpan<char> line, Span<byte> cells)
    {
        int count = 0, together = 0, groups = 0;
        bool inside = false;
        foreach (char c in line)
        {
            if (c is ' ' or '\t' or '\r' or ',' or '[')
            {
                inside = false;
                continue;
            }
            if (!char.IsAsciiDigit(c) || count == cells.Length) return 0;
            if (inside) together++;
            else groups++;
            inside = true;
            cells[count++] = (byte)(c - '0');
        }
        return together > 0 && groups > 1 ? 0 : count;
    }
}
