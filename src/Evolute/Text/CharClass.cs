using System.Globalization;

namespace Evolute.Text;

/// <summary>What the patterns of pre-tokenizers ask of a character.</summary>
internal enum CharClass : byte
{
    /// <summary>Anything else: punctuation, symbols, marks, controls.</summary>
    Other,

    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>.</summary>
    Number,

    /// <summary><c>\s</c>.</summary>
    Space,
}

/// <summary>Looks up the class of the character at a position, beyond the basic plane too.</summary>
internal static class CharClasses
{
    private static readonly CharClass[] Basic = [.. Enumerable.Range(0, 1 << 16).Select(c => char.IsSurrogate((char)c) ? CharClass.Other : Classify(c))];

    /// <summary>The class of the character at <paramref name="at"/> and its length in UTF-16 code units.</summary>
    public static CharClass At(ReadOnlySpan<char> text, int at, out int length)
    {
        char c = text[at];
        length = 1;
        if (!char.IsHighSurrogate(c) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1])) return Basic[c];
        length = 2;
        return Classify(char.ConvertToUtf32(c, text[at + 1]));
    }

    /// <summary>The end of the run of characters of <paramref name="wanted"/> class that starts at <paramref name="at"/>.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int at, CharClass wanted, int most = int.MaxValue)
    {
        for (int taken = 0; at < text.Length && taken < most && At(text, at, out int length) == wanted; taken++) at += length;
        return at;
    }

    private static CharClass Classify(int codePoint)
    {
        if (codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint)) return CharClass.Space;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            <= UnicodeCategory.OtherLetter => CharClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
            _ => CharClass.Other,
        };
    }
}
