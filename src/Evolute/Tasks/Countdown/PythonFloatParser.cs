using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolute.Tasks.Countdown;

/// <summary>Python's <c>float(x)</c> for a value from JSON.</summary>
internal static class PythonFloatParser
{
    // Digits may have single underscores between them.
    private static readonly Regex Grammar = new(
        @"\A[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>The float, or null where Python raises an error.</summary>
    public static double? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.String => Text(value.GetString()!),
        _ => null,
    };

    private static double? Number(string literal) => literal.AsSpan().ContainsAny(".eE")
        ? double.Parse(literal, CultureInfo.InvariantCulture)
        : PythonFloat.Divide(BigInteger.Parse(literal, CultureInfo.InvariantCulture), BigInteger.One);

    internal static double? Text(string text)
    {
        string plain = AsciiDigits(text.AsSpan().Trim(Spaces));
        if (Grammar.IsMatch(plain))
            return double.Parse(plain.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        bool negative = plain.StartsWith('-');
        string name = plain.StartsWith('+') || negative ? plain[1..] : plain;
        if (name.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        bool infinite = name.Equals("inf", StringComparison.OrdinalIgnoreCase) || name.Equals("infinity", StringComparison.OrdinalIgnoreCase);
        return infinite ? (negative ? double.NegativeInfinity : double.PositiveInfinity) : null;
    }

    // Python takes decimal digits of any script.
    private static string AsciiDigits(ReadOnlySpan<char> text)
    {
        StringBuilder plain = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            plain.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
                ? ((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture)
                : rune.ToString());
        return plain.ToString();
    }

    // What str.strip() takes off: Unicode white space and the four information separators.
    private const string Spaces =
        "\t\n\v\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";
}
