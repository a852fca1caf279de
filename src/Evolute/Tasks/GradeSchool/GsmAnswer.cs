using System.Buffers;
using System.Globalization;
using System.Numerics;
using Evolute.Tasks.Mathematics;

namespace Evolute.Tasks.GradeSchool;

/// <summary>Finds the number that a GSM8K solution ends in.</summary>
internal static class GsmAnswer
{
    public const string Mark = "####";

    private const int MaxLength = 200;

    private static readonly SearchValues<char> BeforeNumber = SearchValues.Create(" \t$€£+-−*:=");

    /// <summary>The number behind the last <c>####</c>, on its line: a sign, a currency and what follows the number (a unit) do not matter; null where no number stands there.</summary>
    public static Rational? Strict(string text)
    {
        int mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0) return null;
        ReadOnlySpan<char> line = text.AsSpan(mark + Mark.Length);
        if (line.IndexOf('\n') is >= 0 and var end) line = line[..end];
        int start = line.IndexOfAnyInRange('0', '9');
        if (start < 0) return null;
        if (start > 0 && line[start - 1] == '.') start--;
        if (line[..start].ContainsAnyExcept(BeforeNumber)) return null;
        // "--5" is no number.
        int signs = line[..start].Count('-') + line[..start].Count('−');
        if (signs > 1) return null;
        int length = Length(line[start..]);
        return Parse(line.Slice(start, length)) is { } value ? Signed(value, signs == 1) : null;
    }

    /// <summary>The last number of the text, or null.</summary>
    public static Rational? Flexible(string text)
    {
        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1, start = end;
        if (end == 0) return null;
        while (start > 0 && (char.IsAsciiDigit(text[start - 1]) || (text[start - 1] is ',' or '.' && start > 1 && char.IsAsciiDigit(text[start - 2])))) start--;
        if (start > 0 && text[start - 1] == '.' && (start == 1 || !char.IsLetterOrDigit(text[start - 2]))) start--;
        ReadOnlySpan<char> number = text.AsSpan(start, end - start);
        // "1,2" is two numbers.
        if ((Parse(number) ?? Parse(number[(number.LastIndexOf(',') + 1)..])) is not { } value) return null;
        int sign = start - 1;
        if (sign >= 0 && text[sign] is '$' or '€' or '£') sign--;
        bool negative = sign >= 0 && text[sign] is '-' or '−' && (sign == 0 || !(char.IsLetterOrDigit(text[sign - 1]) || text[sign - 1] is ')' or '%' or '-' or '−'));
        return Signed(value, negative);
    }

    private static Rational? Signed(Rational value, bool negative) => negative ? Rational.Multiply(value, Rational.Of(-1)) : value;

    private static int Length(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || (text[length] is ',' or '.' && length + 1 < text.Length && char.IsAsciiDigit(text[length + 1])))) length++;
        return length;
    }

    // Digits with commas every three of them, and decimals.
    private static Rational? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength) return null;
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point], decimals = point < 0 ? [] : text[(point + 1)..];
        if (decimals.ContainsAnyExceptInRange('0', '9')) return null;
        if (whole.Contains(','))
        {
            int first = whole.IndexOf(',');
            if (first is 0 or > 3 || (whole.Length - first) % 4 != 0) return null;
            for (int i = first; i < whole.Length; i++)
                if ((i - first) % 4 == 0 != (whole[i] == ',')) return null;
        }
        string digits = whole.ToString().Replace(",", "", StringComparison.Ordinal) + decimals.ToString();
        return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger value) ? Rational.Of(value, BigInteger.Pow(10, decimals.Length)) : null;
    }
}
