using System.Globalization;
using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>Resolves the backslash escapes of a string literal as Python does; an unknown one stays as it is.</summary>
internal static class StringEscapes
{
    public static string Resolve(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('\\') < 0) return text.ToString();
        StringBuilder resolved = new(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                resolved.Append(text[at]);
                continue;
            }
            char c = text[++at];
            if ("\\'\"abfnrtv".IndexOf(c, StringComparison.Ordinal) is int known and >= 0) resolved.Append("\\'\"\a\b\f\n\r\t\v"[known]);
            else if (c is >= '0' and <= '7') resolved.Append(Octal(text, ref at));
            else if (c is 'x' or 'u' or 'U') resolved.Append(Hexadecimal(text, ref at, c == 'x' ? 2 : c == 'u' ? 4 : 8));
            else if (c != '\n') resolved.Append('\\').Append(c);
        }
        return resolved.ToString();
    }

    private static char Octal(ReadOnlySpan<char> text, ref int at)
    {
        int value = 0, last = Math.Min(at + 3, text.Length);
        for (; at < last && text[at] is >= '0' and <= '7'; at++) value = 8 * value + text[at] - '0';
        at--;
        return (char)value;
    }

    private static string Hexadecimal(ReadOnlySpan<char> text, ref int at, int digits)
    {
        if (at + digits >= text.Length) throw Bad();
        if (!int.TryParse(text.Slice(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)) throw Bad();
        at += digits;
        if (value <= char.MaxValue) return ((char)value).ToString();
        return Rune.IsValid(value) ? new Rune(value).ToString() : throw Bad();
    }

    private static TemplateException Bad() => new("a string has a damaged escape '\\x', '\\u' or '\\U'.");
}
