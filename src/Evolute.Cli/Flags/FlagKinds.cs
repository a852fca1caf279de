using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Evolute.Models;

namespace Evolute.Cli.Flags;

/// <summary>The usual kinds of flags. Numbers are read without regard to the machine's culture.</summary>
internal static class FlagKinds
{
    /// <summary>On or off; <c>--flag false</c> turns off what a settings file turned on.</summary>
    public static Flag<bool> Switch(string name, string description) => new(
        new SwitchOption(name, description), false,
        (texts, place) => bool.TryParse(Single(texts, place), out bool value) ? value : throw Not(texts[0], place, "true or false"));

    /// <summary>Any text.</summary>
    public static Flag<string?> Text(string name, string description, string valueName, string? defaultValue = null) =>
        new(new TextOption(name, Described(description, defaultValue), valueName), defaultValue, Single);

    /// <summary>Any number of texts, one a time that the flag is given.</summary>
    public static Flag<IReadOnlyList<string>> Texts(string name, string description, string valueName) =>
        new(new TextOption(name, description + " (may be repeated)", valueName, repeatable: true), [], (texts, _) => texts);

    /// <summary>One of a few words.</summary>
    public static Flag<string> Choice(string name, string description, IReadOnlyList<string> choices, string defaultValue) => new(
        new TextOption(name, Described(description, defaultValue), string.Join('|', choices)), defaultValue,
        (texts, place) => OneOf(choices, texts, place));

    /// <summary>One of an enumeration's names, in lower case with dashes.</summary>
    public static Flag<T> Enumeration<T>(string name, string description, T defaultValue) where T : struct, Enum
    {
        string[] names = [.. Enum.GetValues<T>().Select(NameOf)];
        return new(
            new TextOption(name, Described(description, NameOf(defaultValue)), string.Join('|', names)), defaultValue,
            (texts, place) => Enum.Parse<T>(OneOf(names, texts, place).Replace("-", "", StringComparison.Ordinal), ignoreCase: true));
    }

    /// <summary>A value of an enumeration as people write it: <c>per-prompt-centered</c>.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Some of a few words, with commas between.</summary>
    public static Flag<IReadOnlyList<string>> Choices(string name, string description, IReadOnlyList<string> choices, IReadOnlyList<string> defaultValue) => new(
        new TextOption(name, Described(description, string.Join(',', defaultValue)), string.Join(',', choices)), defaultValue,
        (texts, place) => [.. Single(texts, place).Split(',', StringSplitOptions.TrimEntries).Select(word => choices.Contains(word)
            ? word
            : throw new EvoluteInputException($"{place}: there is no {Quoted.Text(word)}.{Suggestion.For(word, choices)}"))]);

    /// <summary>Whole numbers within bounds, with commas between.</summary>
    public static Flag<IReadOnlyList<int>> Integers(string name, string description, IReadOnlyList<int> defaultValue, int min, int max) => new(
        new TextOption(name, Described(description, string.Join(',', defaultValue)), "N,N,…"), defaultValue,
        (texts, place) => [.. Single(texts, place).Split(',', StringSplitOptions.TrimEntries).Select(number => Parse(number, place, min, max, "a whole number"))]);

    /// <summary>A whole number within bounds.</summary>
    public static Flag<int> Integer(string name, string description, int defaultValue, int min = 0, int max = int.MaxValue) =>
        Number(name, description, defaultValue, min, max, "a whole number");

    /// <summary>A seed: any 64 bits, written as a whole number from 0.</summary>
    public static Flag<ulong> Seed(string name, string description, ulong defaultValue) =>
        Number(name, description, defaultValue, ulong.MinValue, ulong.MaxValue, "a whole number from 0");

    /// <summary>A number within bounds.</summary>
    public static Flag<double> Number(string name, string description, double defaultValue, double min, double max) =>
        Number(name, description, defaultValue, min, max, "a number");

    /// <summary>Two numbers within bounds, <c>0.9,0.999</c>.</summary>
    public static Flag<(double First, double Second)> Pair(string name, string description, (double, double) defaultValue, double min, double max) => new(
        new TextOption(name, Described(description, PairText(defaultValue)), "X,Y"), defaultValue,
        (texts, place) => Single(texts, place).Split(',', StringSplitOptions.TrimEntries) is [var first, var second]
            ? (Parse(first, place, min, max, "a number"), Parse(second, place, min, max, "a number"))
            : throw Not(texts[0], place, "two numbers; write them as 0.9,0.999"));

    /// <summary>Two numbers as people write them.</summary>
    public static string PairText((double First, double Second) pair) => string.Create(CultureInfo.InvariantCulture, $"{pair.First},{pair.Second}");

    /// <summary>Numbers with names, <c>format=0.1,answer=1</c>.</summary>
    public static Flag<IReadOnlyDictionary<string, double>> NamedNumbers(string name, string description, string valueName) => new(
        new TextOption(name, description, valueName), ImmutableSortedDictionary<string, double>.Empty, (texts, place) =>
        {
            SortedDictionary<string, double> numbers = new(StringComparer.Ordinal);
            foreach (string item in Single(texts, place).Split(',', StringSplitOptions.TrimEntries))
            {
                if (item.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, var number]) throw Not(item, place, "a name and a number; write them as format=0.1,answer=1");
                if (!numbers.TryAdd(key, Parse(number, place, double.NegativeInfinity, double.PositiveInfinity, "a number"))) throw new EvoluteInputException($"{place}: {Quoted.Text(key)} is there twice.");
            }
            return numbers;
        });

    /// <summary>Numbers with names as people write them.</summary>
    public static string NamedNumbersText(IReadOnlyDictionary<string, double> numbers) =>
        string.Join(',', numbers.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Key}={n.Value}")));

    /// <summary>A number that is absent unless given.</summary>
    public static Flag<double?> OptionalNumber(string name, string description, double min, double max) => new(
        new TextOption(name, description, "X"), null,
        (texts, place) => Parse(Single(texts, place), place, min, max, "a number"));

    /// <summary>A whole number from 0 that is absent unless given.</summary>
    public static Flag<int?> OptionalInteger(string name, string description) => new(
        new TextOption(name, description, "N"), null,
        (texts, place) => Parse(Single(texts, place), place, 0, int.MaxValue, "a whole number"));

    /// <summary>Lists of token ids, <c>1,2,3</c>, one a time that the flag is given.</summary>
    public static Flag<IReadOnlyList<int[]>> TokenIds(string name, string description, bool repeatable = true) => new(
        new TextOption(name, description + (repeatable ? " (may be repeated)" : ""), "1,2,3", repeatable), [],
        (texts, place) => [.. (repeatable ? texts : [Single(texts, place)]).Select(text => Ids(text, place))]);

    /// <summary>The only one of the texts.</summary>
    /// <exception cref="EvoluteInputException">There are several, or none.</exception>
    public static string Single(IReadOnlyList<string> texts, string place) =>
        texts.Count == 1 ? texts[0] : throw new EvoluteInputException($"{place} takes one value, not {texts.Count}.");

    private static string OneOf(IReadOnlyList<string> choices, IReadOnlyList<string> texts, string place) => choices.Contains(Single(texts, place))
        ? texts[0]
        : throw new EvoluteInputException($"{place}: there is no {Quoted.Text(texts[0])}.{Suggestion.For(texts[0], choices)}");

    private static int[] Ids(string text, string place) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(id => Parse(id, place, 0, int.MaxValue, "a token's id; write ids as 1,2,3"))];

    private static Flag<T> Number<T>(string name, string description, T defaultValue, T min, T max, string kind) where T : struct, INumber<T> => new(
        new TextOption(name, Described(description, defaultValue.ToString(null, CultureInfo.InvariantCulture)), typeof(T) == typeof(double) ? "X" : "N"), defaultValue,
        (texts, place) => Parse(Single(texts, place), place, min, max, kind));

    private static T Parse<T>(string text, string place, T min, T max, string kind) where T : struct, INumber<T>
    {
        NumberStyles style = typeof(T) == typeof(double) ? NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent : NumberStyles.AllowLeadingSign;
        if (!T.TryParse(text, style, CultureInfo.InvariantCulture, out T value)) throw Not(text, place, TooLarge(text, style, min, max) ?? kind);
        if (!T.IsFinite(value)) throw Not(text, place, "a finite number");
        return value >= min && value <= max ? value : throw OutOfRange(text, place, min, max);
    }

    /// <summary>A whole number that does not even fit its type is out of range, not ill-formed.</summary>
    private static string? TooLarge<T>(string text, NumberStyles style, T min, T max) where T : struct, INumber<T> =>
        typeof(T) != typeof(double) && text.Length < 100 && BigInteger.TryParse(text, style, CultureInfo.InvariantCulture, out _) ? Range(min, max) : null;

    private static EvoluteInputException OutOfRange<T>(string text, string place, T min, T max) where T : struct, INumber<T> => Not(text, place, Range(min, max));

    private static string Range<T>(T min, T max) where T : struct, INumber<T> => max is int.MaxValue || T.IsPositiveInfinity(max)
        ? string.Create(CultureInfo.InvariantCulture, $"at least {min}")
        : string.Create(CultureInfo.InvariantCulture, $"within {min} to {max}");

    private static EvoluteInputException Not(string text, string place, string kind) => new($"{place}: {Quoted.Text(text)} is not {kind}.");

    private static string Described(string description, string? defaultValue) => defaultValue is null ? description : $"{description} (default {defaultValue})";
}
