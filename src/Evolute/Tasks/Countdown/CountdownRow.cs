using System.Text.Json;

namespace Evolute.Tasks.Countdown;

/// <summary>A row of a Countdown dataset, whose problem can be asked and solved.</summary>
internal static class CountdownRow
{
    /// <summary>Checks a row.</summary>
    /// <exception cref="EvoluteInputException">A column is missing or not what it must be.</exception>
    public static void Check(JsonElement row, string place)
    {
        Numbers(row, place);
        JsonElement target = TaskRow.Column(row, CountdownReward.TargetColumn, place);
        if (target.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) || PythonFloatParser.Read(target) is not { } value || !double.IsFinite(value))
            throw new EvoluteInputException($"{place}: column '{CountdownReward.TargetColumn}' must be a number.");
    }

    /// <summary>The numbers.</summary>
    /// <exception cref="EvoluteInputException">They are missing or not what they must be.</exception>
    public static int[] Numbers(JsonElement row, string place)
    {
        string column = TaskRow.FirstOf(row, place, CountdownReward.NumbersColumn, CountdownReward.ShortNumbersColumn);
        JsonElement numbers = row.GetProperty(column);
        if (numbers.ValueKind != JsonValueKind.Array || numbers.GetArrayLength() == 0) throw new EvoluteInputException($"{place}: column '{column}' must be a list of whole numbers.");
        return [.. numbers.EnumerateArray().Select((number, i) => number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int whole) && whole >= 0
            ? whole
            : throw new EvoluteInputException($"{place}: column '{column}', number {i + 1} must be a whole number from 0 to {int.MaxValue}, not {number.GetRawText()}."))];
    }
}
