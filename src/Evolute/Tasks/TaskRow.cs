using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evolute.Tasks;

/// <summary>Reads columns of a JSONL row, with errors that name the place and the column.</summary>
internal static class TaskRow
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    /// <summary>The name of the first of some columns that a row has.</summary>
    /// <exception cref="EvoluteInputException">The row is not an object or has none of them.</exception>
    public static string FirstOf(JsonElement row, string place, params string[] names)
    {
        if (row.ValueKind == JsonValueKind.Object)
            foreach (string name in names)
                if (row.TryGetProperty(name, out _)) return name;
        Column(row, names[0], place);
        return names[0];
    }

    /// <summary>A column that holds text or a number, as text.</summary>
    /// <exception cref="EvoluteInputException">It is missing or neither.</exception>
    public static string TextOrNumber(JsonElement row, string name, string place) =>
        Column(row, name, place) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(row, name, place);

    /// <summary>A column as it stands in a prompt: text as it is, a number, true and false as JSON writes them, lists and objects as JSON.</summary>
    /// <exception cref="EvoluteInputException">It is missing, null, or messages, which are turns and no text.</exception>
    public static string Field(JsonElement row, string name, string place)
    {
        JsonElement value = Column(row, name, place);
        if (value.ValueKind == JsonValueKind.String) return Text(row, name, place);
        if (value.ValueKind == JsonValueKind.Null) throw new EvoluteInputException($"{place}: column '{name}' is null and stands in the prompt.");
        if (IsMessages(value)) throw new EvoluteInputException($"{place}: column '{name}' holds messages, which are a prompt of their own; leave the prompt's template out, or name other columns in it.");
        return value.ValueKind == JsonValueKind.Number ? value.GetRawText() : JsonSerializer.Serialize(value, Plain);
    }

    /// <summary>Whether a value is a list of messages: objects with a role.</summary>
    public static bool IsMessages(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("role", out _));

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
