using System.Globalization;
using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>Dates by a format of C's <c>strftime</c>, in English.</summary>
internal static class DateText
{
    public static string Format(string format, DateTime date)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            bool unpadded = format[++i] == '-' && i + 1 < format.Length;
            if (unpadded) i++;
            string part = Part(format[i], date);
            text.Append(unpadded && part.Length > 1 ? part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }

    private static string Part(char directive, DateTime date) => directive switch
    {
        'd' => Of(date, "dd"),
        'e' => date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Of(date, "MM"),
        'b' or 'h' => Of(date, "MMM"),
        'B' => Of(date, "MMMM"),
        'y' => Of(date, "yy"),
        'Y' => Of(date, "yyyy"),
        'a' => Of(date, "ddd"),
        'A' => Of(date, "dddd"),
        'H' => Of(date, "HH"),
        'I' => Of(date, "hh"),
        'M' => Of(date, "mm"),
        'S' => Of(date, "ss"),
        'f' => Of(date, "ffffff"),
        'p' => Of(date, "tt"),
        'j' => date.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)date.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'F' => Of(date, "yyyy-MM-dd"),
        'T' => Of(date, "HH:mm:ss"),
        'R' => Of(date, "HH:mm"),
        'D' => Of(date, "MM'/'dd'/'yy"),
        'Z' or 'z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw new TemplateException($"the format of a date has {Models.Quoted.Text("%" + directive)}, which is not supported"),
    };

    private static string Of(DateTime date, string format) => date.ToString(format, CultureInfo.InvariantCulture);
}
