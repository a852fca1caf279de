namespace Evolute.Tasks.Mathematics;

/// <summary>Finds what stands in <c>\boxed{…}</c>, <c>\fbox{…}</c> or <c>\boxed …</c>, in one pass over a text of any size.</summary>
internal static class BoxedText
{
    private const string Boxed = "\\boxed", FramedBox = "\\fbox";
    private const int MaxBare = 100;

    /// <summary>A box: where its command begins, where it ends, and where what is in it begins and ends.</summary>
    public readonly record struct Box(int Start, int End, int ContentStart, int ContentEnd);

    /// <summary>The content of the last whole box, or null.</summary>
    public static string? Last(string text) => LastGroup(text, 1) is [var box] ? text[box.ContentStart..box.ContentEnd] : null;

    /// <summary>
    /// The last whole box and those before it that belong to the same answer, in order: <c>\boxed{1} and \boxed{2}</c>. Between boxes of one answer stands at most
    /// one word besides "and" and "or". A box that does not close is passed over, a box within a box is part of it.
    /// </summary>
    public static List<Box> LastGroup(string text, int most = 16)
    {
        List<Box> group = [];
        int end = text.Length;
        int[]? closes = null;
        while (group.Count < most && end > 0)
        {
            int start = LastCommand(text, end);
            if (start < 0) break;
            if (At(text, start, ref closes) is { } box && (group.Count == 0 || box.End <= group[0].Start))
            {
                // An outer box takes the place of those within it.
                if (group.Count > 0 && !AreNear(text.AsSpan(box.End, group[0].Start - box.End))) break;
                group.Insert(0, box);
            }
            else if (At(text, start, ref closes) is { } outer && outer.End >= group[^1].End)
            {
                group.Clear();
                group.Add(outer);
            }
            end = start;
        }
        return group;
    }

    /// <summary>Where the brace at a place closes, or −1; escaped braces do not count.</summary>
    public static int Close(ReadOnlySpan<char> text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }
        return -1;
    }

    // The last command that begins before a place: one search for what both have in common keeps it linear.
    private static int LastCommand(string text, int end)
    {
        while (end > 0)
        {
            int box = text.LastIndexOf("box", end - 1, StringComparison.Ordinal);
            if (box < 0) return -1;
            if (box >= 1 && text.AsSpan(box - 1).StartsWith(Boxed, StringComparison.Ordinal)) return box - 1;
            if (box >= 2 && text.AsSpan(box - 2).StartsWith(FramedBox, StringComparison.Ordinal)) return box - 2;
            end = box;
        }
        return -1;
    }

    private static Box? At(string text, int start, ref int[]? closes)
    {
        bool boxed = text.AsSpan(start).StartsWith(Boxed, StringComparison.Ordinal);
        int at = start + (boxed ? Boxed.Length : FramedBox.Length);
        while (at < text.Length && text[at] == ' ') at++;
        if (at == text.Length) return null;
        if (text[at] != '{')
        {
            // "\boxed 7$": up to what ends the formula.
            if (!boxed || (text[at - 1] != ' ' && char.IsAsciiLetter(text[at]))) return null;
            int length = text.AsSpan(at, Math.Min(MaxBare, text.Length - at)).IndexOfAny('$', '\n', ' ');
            int end = length < 0 ? Math.Min(at + MaxBare, text.Length) : at + length;
            return end > at ? new(start, end, at, end) : null;
        }
        closes ??= Closes(text);
        return closes[at] > 0 ? new(start, closes[at] + 1, at + 1, closes[at]) : null;
    }

    // Where every brace closes, all in one pass: a scan a box would be quadratic in a text of boxes that do not close.
    private static int[] Closes(string text)
    {
        int[] closes = new int[text.Length];
        Stack<int> open = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{') open.Push(i);
            else if (text[i] == '}' && open.TryPop(out int start)) closes[start] = i;
        }
        return closes;
    }

    private static bool AreNear(ReadOnlySpan<char> between)
    {
        if (between.Length > 80) return false;
        int words = 0;
        for (int i = 0; i < between.Length; i++)
        {
            if (!char.IsAsciiLetter(between[i])) continue;
            int start = i;
            while (i < between.Length && char.IsAsciiLetter(between[i])) i++;
            ReadOnlySpan<char> word = between[start..i];
            if (word.Length > 1 && (start == 0 || between[start - 1] != '\\') && word is not ("and" or "or")) words++;
        }
        return words < 2;
    }
}
