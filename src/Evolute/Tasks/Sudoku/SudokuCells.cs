using System.Text;
using System.Text.Json;

namespace Evolute.Tasks.Sudoku;

/// <summary>A board in a column: text, or lists of rows or cells as datasets have them.</summary>
internal static class SudokuCells
{
    /// <summary>The cells as text, in their order.</summary>
    /// <exception cref="EvoluteInputException">The column is missing, or neither text nor lists of text and digits.</exception>
    public static string Text(JsonElement row, string column, string place)
    {
        JsonElement board = TaskRow.Column(row, column, place);
        if (board.ValueKind != JsonValueKind.Array) return TaskRow.Text(row, column, place);
        StringBuilder text = new();
        foreach (JsonElement line in board.EnumerateArray())
            foreach (JsonElement cells in line.ValueKind == JsonValueKind.Array ? [.. line.EnumerateArray()] : (JsonElement[])[line])
                text.Append(Cells(cells) ?? throw new EvoluteInputException($"{place}: column '{column}' must be a string, or a list of rows of digits, 0 for an empty cell."));
        return text.ToString();
    }

    private static string? Cells(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        // A number is one cell: 12 in a row is a mistake, and not the cells 1 and 2.
        JsonValueKind.Number when value.TryGetInt32(out int digit) && digit is >= 0 and <= 9 => ((char)('0' + digit)).ToString(),
        JsonValueKind.Null => "0",
        _ => null,
    };
}
