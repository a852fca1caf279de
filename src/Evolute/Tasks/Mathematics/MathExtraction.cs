namespace Evolute.Tasks.Mathematics;

/// <summary>Finds the answer that a text ends in: the last box, else what follows "final answer is", else the last formula or number.</summary>
public static class MathExtraction
{
    private const int MaxTail = 20_000;

    private static readonly string[] Phrases = ["final answer is", "final answer:", "the answer is", "answer:"];
    private static readonly string[] Environments = ["matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix", "array", "cases", "aligned", "align", "inf"];
    private static readonly string[] Ends = ["I hope it is correct", "<|", "\n\n"];

    /// <summary>The content of the last <c>\boxed{…}</c> (or the boxes that make one answer, joined by commas), or null where no box is whole.</summary>
    public static string? Boxed(string text)
    {
        List<BoxedText.Box> boxes = BoxedText.LastGroup(text);
        return boxes.Count == 0 ? null : string.Join(" , ", boxes.Select(b => text[b.ContentStart..b.ContentEnd]));
    }

    /// <summary>The answer of a text by all rules in turn; the text itself where it is no prose.</summary>
    public static string Final(string text)
    {
        if (Boxed(text) is { } boxed) return boxed;
        if (text.Length > MaxTail) text = text[^MaxTail..];
        int phrase = -1, length = 0;
        foreach (string candidate in Phrases)
            if (text.LastIndexOf(candidate, StringComparison.OrdinalIgnoreCase) is var at && at >= 0 && at + candidate.Length > phrase + length) (phrase, length) = (at, candidate.Length);
        if (phrase >= 0)
        {
            text = text[(phrase + length)..];
            foreach (string end in Ends)
                if (text.IndexOf(end, StringComparison.Ordinal) is > 0 and var cut && !string.IsNullOrWhiteSpace(text[..cut])) text = text[..cut];
            text = text.Trim().TrimEnd('.');
        }
        if (!IsProse(text)) return text;
        string tail = text;
        // "The volume of $ABC$ is 120": what follows the last "is", if that is no prose again.
        if (phrase >= 0 && text.LastIndexOf(" is ", StringComparison.Ordinal) is > 0 and var verb && !IsProse(tail = text[(verb + 4)..]) && tail.Trim().Length > 0) return tail;
        return LastFormulaOrNumber(text);
    }

    private static string LastFormulaOrNumber(string text)
    {
        (string? formula, int end) = LastFormula(text);
        string? number = LastNumber(text, out int at);
        // A number in a later sentence than the formula's is the later word.
        if (formula is null) return number ?? text;
        return number is not null && at > end && (formula.EndsWith('.') || text.AsSpan(end, at - end).IndexOf(". ", StringComparison.Ordinal) >= 0) ? number : formula;
    }

    /// <summary>Whether a text has words that no answer is made of, outside <c>\text{…}</c>.</summary>
    internal static bool IsProse(string text)
    {
        bool mixed = text.AsSpan().ContainsAny(' ', '$');
        string alone = text.Trim().Trim('$').Trim();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                int end = i + 1;
                while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
                if (MathVocabulary.Wrappers.Contains(text[(i + 1)..end]) && end < text.Length && text[end] == '{' && text.IndexOf('}', end) is > 0 and var close) end = close;
                i = Math.Max(i, end - 1);
                continue;
            }
            if (!char.IsAsciiLetter(text[i])) continue;
            int start = i;
            while (i < text.Length && char.IsAsciiLetter(text[i])) i++;
            string word = text[start..i--];
            if (word.Length > 2 && !MathVocabulary.Units.Contains(word) && !MathVocabulary.Separators.Contains(word) && !MathVocabulary.Percents.Contains(word) && !MathVocabulary.Functions.Contains(word)
                && mixed && word != alone && !Environments.Contains(word)) return true;
        }
        return false;
    }

    /// <summary>The last <c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c> or <c>\[…\]</c> that closes, and where it ends.</summary>
    internal static (string? Formula, int End) LastFormula(string text)
    {
        (string? formula, int end) = (null, -1);
        for (int i = 0; i < text.Length;)
        {
            (string? close, int skip) = text[i] switch
            {
                '\\' when i + 1 < text.Length && text[i + 1] == '(' => ("\\)", 2),
                '\\' when i + 1 < text.Length && text[i + 1] == '[' => ("\\]", 2),
                '\\' => ((string?)null, 2),
                '$' when i + 1 < text.Length && text[i + 1] == '$' => ("$$", 2),
                '$' => ("$", 1),
                _ => (null, 1),
            };
            i += skip;
            if (close is null) continue;
            int at = i;
            while (at < text.Length && string.CompareOrdinal(text, at, close, 0, close.Length) != 0) at += text[at] == '\\' ? 2 : 1;
            if (at >= text.Length) break;
            string inside = text[i..at].Trim();
            if (inside.Length > 0) (formula, end) = (inside, at);
            i = at + close.Length;
        }
        return (formula, end);
    }

    /// <summary>The last number in a text, thousands separators, sign and percent sign with it, or null.</summary>
    internal static string? LastNumber(string text, out int start)
    {
        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        start = end;
        if (end == 0) return null;
        while (start > 0 && (char.IsAsciiDigit(text[start - 1]) || (text[start - 1] is '.' or ',' or '/' && start > 1 && char.IsAsciiDigit(text[start - 2])))) start--;
        if (start > 0 && text[start - 1] == '.' && (start == 1 || text[start - 2] == ' ')) start--;
        if (start > 0 && text[start - 1] == '-' && (start == 1 || !char.IsLetterOrDigit(text[start - 2]))) start--;
        return text[start..end] + (text.AsSpan(end).TrimStart('\\').StartsWith('%') ? "%" : "");
    }
}
