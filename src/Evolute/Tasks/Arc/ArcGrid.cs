using System.Text;
using System.Text.Json;

namespace Evolute.Tasks.Arc;

/// <summary>A grid of colours 0 to 9, at most 30×30.</summary>
internal sealed class ArcGrid : IEquatable<ArcGrid>
{
    /// <summary>Most rows, and most cells of a row.</summary>
    public const int MaxSide = 30;

    private readonly byte[][] _rows;

    /// <summary>A grid of rows of the same length.</summary>
    public ArcGrid(byte[][] rows) => _rows = rows;

    /// <summary>Cells of a row.</summary>
    public int Width => _rows[0].Length;

    /// <summary>Rows.</summary>
    public int Height => _rows.Length;

    /// <summary>Reads a grid of JSON: a list of rows, each a list of digits or a string of them.</summary>
    /// <exception cref="EvoluteInputException">It is none.</exception>
    public static ArcGrid FromJson(JsonElement json, string place)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is 0 or > MaxSide) throw Bad(place);
        byte[][] rows = [.. json.EnumerateArray().Select(row => Row(row) ?? throw Bad(place))];
        return rows.All(row => row.Length == rows[0].Length) ? new(rows) : throw Bad(place);
    }

    /// <summary>The share of cells that are those of another grid; 0 where the shapes differ.</summary>
    public double Matching(ArcGrid other) => Width != other.Width || Height != other.Height ? 0
        : (double)_rows.Zip(other._rows).Sum(pair => pair.First.Zip(pair.Second).Count(cells => cells.First == cells.Second)) / (Width * Height);

    /// <summary>The grid as text: a line a row.</summary>
    /// <param name="between">What stands between cells.</param>
    public string Render(string between)
    {
        StringBuilder text = new();
        foreach (byte[] row in _rows) text.Append(text.Length > 0 ? "\n" : "").AppendJoin(between, row.Select(cell => (char)('0' + cell)));
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(ArcGrid? other) => other is not null && Matching(other) == 1;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ArcGrid);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height, _rows[0][0]);

    private static byte[]? Row(JsonElement row) => row.ValueKind switch
    {
        JsonValueKind.String when row.GetString() is { Length: > 0 and <= MaxSide } text && text.All(char.IsAsciiDigit) => [.. text.Select(c => (byte)(c - '0'))],
        JsonValueKind.Array when row.GetArrayLength() is > 0 and <= MaxSide && row.EnumerateArray().All(IsColour) => [.. row.EnumerateArray().Select(cell => cell.GetByte())],
        _ => null,
    };

    private static bool IsColour(JsonElement cell) => cell.ValueKind == JsonValueKind.Number && cell.TryGetByte(out byte colour) && colour <= 9;

    private static EvoluteInputException Bad(string place) => new($"{place} must be a grid: 1 to {MaxSide} rows of the same 1 to {MaxSide} digits, as lists of numbers or as strings.");
}
