using System.Globalization;
using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>Values as text, the way Python's <c>str</c> and <c>repr</c> write them.</summary>
internal static class PythonText
{
    /// <summary>What a value looks like in the output.</summary>
    public static string Of(object? value, Rendering rendering) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Represent(value, rendering),
    };

    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        // The shortest digits that read back as the number, as d.ddd and a power of ten.
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        string sign = shortest.StartsWith('-') ? "-" : "";
        int power = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = shortest[sign.Length..(power < 0 ? shortest.Length : power)];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal) is int dot and >= 0 ? dot : mantissa.Length;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int leading = digits.Length - digits.TrimStart('0').Length;
        if (leading == digits.Length) return sign + "0.0";
        int exponent = point - 1 - leading + (power < 0 ? 0 : int.Parse(shortest.AsSpan(power + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        return sign + Placed(digits.Trim('0'), exponent);
    }

    private static string Placed(string digits, int exponent)
    {
        if (exponent is < -4 or >= 16)
        {
            string mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length > exponent + 1
            ? $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}"
            : digits.PadRight(exponent + 1, '0') + ".0";
    }

    private static string Represent(object? value, Rendering rendering)
    {
        StringBuilder text = new();
        Represent(value, text, rendering);
        return rendering.Made(text.ToString());
    }

    private static void Represent(object? value, StringBuilder text, Rendering rendering)
    {
        rendering.Step();
        Rendering.EnterNesting();
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool b: text.Append(b ? "True" : "False"); break;
            case long i: text.Append(i); break;
            case double d: text.Append(Number(d)); break;
            case string s: Quote(s, text, rendering); break;
            case Undefined: text.Append("Undefined"); break;
            case JinjaList list: RepresentList(list, text, rendering); break;
            case JinjaMap map: RepresentMap(map, text, rendering); break;
            // No template means to show these.
            case JinjaNamespace: text.Append("<Namespace>"); break;
            case JinjaFunction function: text.Append("<function ").Append(function.Name).Append('>'); break;
            default: text.Append("<LoopContext>"); break;
        }
    }

    private static void RepresentList(JinjaList list, StringBuilder text, Rendering rendering)
    {
        bool tuple = list.Kind == ListKind.Tuple;
        text.Append(tuple ? '(' : '[');
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Represent(list.Items[i], text, rendering);
        }
        if (tuple && list.Items.Count == 1) text.Append(',');
        text.Append(tuple ? ')' : ']');
    }

    private static void RepresentMap(JinjaMap map, StringBuilder text, Rendering rendering)
    {
        text.Append('{');
        string separator = "";
        foreach ((string key, object? entry) in map.Entries)
        {
            text.Append(separator);
            Quote(key, text, rendering);
            text.Append(": ");
            Represent(entry, text, rendering);
            separator = ", ";
        }
        text.Append('}');
    }

    private static void Quote(string s, StringBuilder text, Rendering rendering)
    {
        rendering.Characters(s.Length);
        char quote = s.Contains('\'', StringComparison.Ordinal) && !s.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (Rune rune in s.EnumerateRunes())
            switch (rune.Value)
            {
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case int c when c == quote: text.Append('\\').Append(quote); break;
                case int c when IsPrintable(rune): text.Append(rune.ToString()); break;
                case int c: text.Append(CultureInfo.InvariantCulture, $"\\{(c < 256 ? $"x{c:x2}" : c < 65536 ? $"u{c:x4}" : $"U{c:x8}")}"); break;
            }
        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
