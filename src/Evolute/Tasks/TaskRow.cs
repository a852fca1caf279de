using System.Text.Json;

namespace Evolute.Tasks;

/// <summary>Reads columns of a JSONL row, with errors that name the place and the column.</summary>
internal static class TaskRow
{
    /// <summary>A column whatever its kind.</summary>
    /// <exception cref="EvoluteInputException">The row is not an object or lacks the column.</exception>
    public static JsonElement Column(JsonElement row, string name, string place)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new EvoluteInputException($"{place} is not a JSON object: write one object a line, with the column '{name}'.");
        return row.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new EvoluteInputException($"{place} has no column '{name}'.");
    }

    /// <summary>A column that holds text, e.g. <c>response</c>.</summary>
    /// <exception cref="EvoluteInputException">It is missing, not a string, or not valid Unicode.</exception>
    public static string Text(JsonElement row, string name, string place)
    {
        JsonElement value = Column(row, name, place);
        if (value.ValueKind != JsonValueKind.String)
            throw new EvoluteInputException($"{place}: column '{name}' must be a string, not {Kind(value)}.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new EvoluteInputException($"{place}: column '{name}' holds half of a surrogate pair, which is not valid text.", e);
        }
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
