using System.Globalization;

namespace Evolute.Lab;

/// <summary>Rows of an experiment: a CSV file, and a Markdown table for its text.</summary>
internal sealed class Table(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; numbers are written as every culture reads them.</summary>
    public void Add(params object[] values) => _rows.Add([.. values.Select(Text)]);

    /// <summary>Writes the CSV file.</summary>
    public void WriteCsv(string path) =>
        File.WriteAllText(path, string.Concat(new[] { columns }.Concat(_rows).Select(row => string.Join(',', row) + "\n")));

    /// <summary>Prints the table.</summary>
    public void Print()
    {
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine("|" + string.Concat(columns.Select(_ => "---|")));
        foreach (string[] row in _rows) Console.WriteLine($"| {string.Join(" | ", row)} |");
        Console.WriteLine();
    }

    private static string Text(object value) => value switch
    {
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
