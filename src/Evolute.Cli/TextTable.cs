namespace Evolute.Cli;

/// <summary>A table in plain text: columns aligned, the last one to the right unless it holds text.</summary>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _rows = [headers];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output, bool lastToTheRight = true)
    {
        int columns = headers.Length;
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => _rows.Max(r => r[c].Length))];
        foreach (string[] row in _rows)
            output.WriteLine("  " + string.Join("  ", row.Select((cell, c) => c < columns - 1 ? cell.PadRight(widths[c]) : lastToTheRight ? cell.PadLeft(widths[c]) : cell)));
    }
}
