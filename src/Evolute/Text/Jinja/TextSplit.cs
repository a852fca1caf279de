using System.Buffers;

namespace Evolute.Text.Jinja;

/// <summary>The methods that cut a text in parts, as Python has them.</summary>
internal static class TextSplit
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029");

    public static object? Split(string text, Arguments arguments, Rendering rendering, bool fromRight)
    {
        Given[] bound = arguments.Bind("split", "sep", "maxsplit");
        long most = Types.Integer(bound[1].Or(-1L), "maxsplit");
        rendering.Characters(text.Length);
        List<object?> parts = bound[0].Or(null) is not { } separator ? Words(text, most, fromRight)
            : Types.Text(separator, "the separator") is { Length: > 0 } by ? Parts(text, by, most, fromRight)
            : throw new TemplateException("split needs a separator that is not empty");
        rendering.Step(parts.Count);
        return new JinjaList(parts);
    }

    public static object? Lines(string text, Arguments arguments, Rendering rendering)
    {
        bool keepEnds = Comparison.IsTrue(arguments.Bind("splitlines", "keepends")[0].Or(false));
        rendering.Characters(text.Length);
        List<object?> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int end = text.AsSpan(start).IndexOfAny(LineEnds);
            end = end < 0 ? text.Length : end + start;
            int next = Math.Min(text.Length, string.CompareOrdinal(text, end, "\r\n", 0, 2) == 0 ? end + 2 : end + 1);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }
        rendering.Step(lines.Count);
        return new JinjaList(lines);
    }

    public static object? Partition(string text, Arguments arguments, Rendering rendering, bool last)
    {
        string by = Types.Text(arguments.Bind("partition", "sep")[0].Required("partition", "sep"), "the separator");
        if (by.Length == 0) throw new TemplateException("partition needs a separator that is not empty");
        rendering.Characters(text.Length);
        int at = last ? text.LastIndexOf(by, StringComparison.Ordinal) : text.IndexOf(by, StringComparison.Ordinal);
        object?[] parts = at >= 0 ? [text[..at], by, text[(at + by.Length)..]] : last ? ["", "", text] : [text, "", ""];
        return new JinjaList(parts, ListKind.Tuple);
    }

    private static List<object?> Parts(string text, string by, long most, bool fromRight)
    {
        List<object?> parts = [];
        if (fromRight && most >= 0)
        {
            int end = text.Length;
            for (; most > 0 && end > 0 && text.LastIndexOf(by, end - 1, StringComparison.Ordinal) is int found and >= 0; most--)
            {
                parts.Add(text[(found + by.Length)..end]);
                end = found;
            }
            parts.Add(text[..end]);
            parts.Reverse();
            return parts;
        }
        int start = 0;
        for (; most != 0 && text.IndexOf(by, start, StringComparison.Ordinal) is int found and >= 0; most--)
        {
            parts.Add(text[start..found]);
            start = found + by.Length;
        }
        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>By runs of white space, those at the ends dropped.</summary>
    private static List<object?> Words(string text, long most, bool fromRight)
    {
        List<object?> words = fromRight ? WordsFromRight(text, most) : WordsFromLeft(text, most);
        if (fromRight) words.Reverse();
        return words;
    }

    private static List<object?> WordsFromLeft(string text, long most)
    {
        List<object?> words = [];
        for (int at = 0; ; most--)
        {
            while (at < text.Length && TextMethods.IsSpace(text[at])) at++;
            if (at == text.Length) return words;
            int end = most == 0 ? text.Length : at;
            while (end < text.Length && !TextMethods.IsSpace(text[end])) end++;
            words.Add(text[at..end]);
            at = end;
        }
    }

    private static List<object?> WordsFromRight(string text, long most)
    {
        List<object?> words = [];
        for (int end = text.Length; ; most--)
        {
            while (end > 0 && TextMethods.IsSpace(text[end - 1])) end--;
            if (end == 0) return words;
            int start = most == 0 ? 0 : end;
            while (start > 0 && !TextMethods.IsSpace(text[start - 1])) start--;
            words.Add(text[start..end]);
            end = start;
        }
    }
}
