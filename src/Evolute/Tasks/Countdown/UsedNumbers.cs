using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Evolute.Tasks.Countdown;

/// <summary>Whether the integers in an expression are exactly the given numbers, as a multiset.</summary>
internal static class UsedNumbers
{
    /// <summary>Python refuses to convert longer texts to an integer, leading zeros counted.</summary>
    private const int MaxDigits = 4300;

    private enum Kind { Number, Text, Array, Incomparable }

    /// <summary>
    /// Compares as the reference does; null where it raises an error: an integer of more than 4,300 digits, or
    /// <paramref name="numbers"/> that cannot be sorted (null, a number, or kinds that do not compare).
    /// </summary>
    public static bool? Match(ReadOnlySpan<char> expression, JsonElement numbers)
    {
        if (CountRuns(expression) is not { } used) return null;
        switch (numbers.ValueKind)
        {
            case JsonValueKind.Array: break;
            case JsonValueKind.String: return used == 0 && numbers.ValueEquals("");
            case JsonValueKind.Object: return used == 0 && numbers.GetPropertyCount() == 0;
            default: return null;
        }
        if (!CanSort(numbers)) return null;
        return used == numbers.GetArrayLength() && SameMultiset(expression, numbers);
    }

    private static bool SameMultiset(ReadOnlySpan<char> expression, JsonElement numbers)
    {
        List<string> given = [];
        foreach (JsonElement number in numbers.EnumerateArray())
        {
            if (Digits(number) is not { } digits) return false;
            given.Add(digits);
        }
        List<string> used = new(given.Count);
        while (NextRun(ref expression) is { IsEmpty: false } run)
        {
            run = run.TrimStart('0');
            used.Add(run.IsEmpty ? "0" : run.ToString());
        }
        given.Sort(StringComparer.Ordinal);
        used.Sort(StringComparer.Ordinal);
        return given.SequenceEqual(used);
    }

    // How many integers there are; null where one is too long.
    private static int? CountRuns(ReadOnlySpan<char> expression)
    {
        int count = 0;
        while (NextRun(ref expression) is { IsEmpty: false } run)
        {
            if (run.Length > MaxDigits) return null;
            count++;
        }
        return count;
    }

    private static ReadOnlySpan<char> NextRun(ref ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyInRange('0', '9');
        if (start < 0) return [];
        text = text[start..];
        int length = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> run = length < 0 ? text : text[..length];
        text = text[run.Length..];
        return run;
    }

    // The digits of a nonnegative integer without leading zeros; null for anything that equals no such integer.
    private static string? Digits(JsonElement number) => number.ValueKind switch
    {
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.Number => Digits(number.GetRawText()),
        _ => null,
    };

    private static string? Digits(string literal)
    {
        if (!literal.AsSpan().ContainsAny(".eE")) return literal == "-0" ? "0" : literal;
        double value = double.Parse(literal, CultureInfo.InvariantCulture);
        return double.IsInteger(value) ? new BigInteger(value).ToString(CultureInfo.InvariantCulture) : null;
    }

    private static bool CanSort(JsonElement numbers)
    {
        if (numbers.GetArrayLength() < 2) return true;
        Kind[] kinds = [.. numbers.EnumerateArray().Select(KindOf).Distinct()];
        return kinds is [not Kind.Incomparable];
    }

    private static Kind KindOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Kind.Number,
        JsonValueKind.String => Kind.Text,
        JsonValueKind.Array => Kind.Array,
        _ => Kind.Incomparable,
    };
}
