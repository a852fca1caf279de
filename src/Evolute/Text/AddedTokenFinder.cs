using System.Buffers;
using System.Globalization;
using System.Text;

namespace Evolute.Text;

/// <summary>Finds added tokens in a text: the leftmost first, the longest of those that start together.</summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<char> _firsts;
    private readonly Dictionary<char, (string Pattern, AddedToken Token)[]> _byFirst;

    /// <param name="tokens">Each with the text by which it is found.</param>
    public AddedTokenFinder(IEnumerable<(string Pattern, AddedToken Token)> tokens)
    {
        _byFirst = tokens
            .Where(t => t.Pattern.Length > 0)
            .GroupBy(t => t.Pattern[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Pattern.Length).ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>The next token at or after <paramref name="from"/>, with the white space that it takes along, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the last token ended.</param>
    /// <param name="parseSpecial">Special tokens count; without it their text is text.</param>
    /// <param name="start">Where the token starts.</param>
    /// <param name="end">Where it ends.</param>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, bool parseSpecial, out int start, out int end)
    {
        start = end = from;
        for (int at = from; at < text.Length; at++)
        {
            int found = text[at..].IndexOfAny(_firsts);
            if (found < 0) return null;
            at += found;
            if (Longest(text[at..]) is not { } hit) continue;
            start = at;
            end = at + hit.Pattern.Length;
            if ((!hit.Token.Special || parseSpecial) && (!hit.Token.SingleWord || IsWord(text, start, end)))
            {
                if (hit.Token.StripLeft)
                    while (start > from && char.IsWhiteSpace(text[start - 1])) start--;
                if (hit.Token.StripRight)
                    while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
                return hit.Token;
            }
            // What is passed over stays text whole: no shorter token is looked for inside it.
            at = end - 1;
        }
        return null;
    }

    private (string Pattern, AddedToken Token)? Longest(ReadOnlySpan<char> text)
    {
        foreach ((string Pattern, AddedToken) candidate in _byFirst[text[0]])
            if (text.StartsWith(candidate.Pattern, StringComparison.Ordinal)) return candidate;
        return null;
    }

    private static bool IsWord(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out Rune before, out _);
        Rune.DecodeFromUtf16(text[end..], out Rune after, out _);
        return (start == 0 || !IsWordCharacter(before)) && (end == text.Length || !IsWordCharacter(after));
    }

    private static bool IsWordCharacter(Rune rune) => Rune.GetUnicodeCategory(rune) is
        <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
