using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Evolute.Text.Splitting;

/// <summary>
/// A pattern that has no scanner of its own, through the runtime's regular expressions. They see UTF-16 code units, to which
/// <c>\p{L}</c> and its like do not reach beyond the basic plane; so a character there is shown to the expression as one of the
/// basic plane of the same general category, twice, as long as the original.
/// </summary>
internal sealed class RegexPattern : PiecePattern
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private readonly Regex _regex;

    /// <exception cref="ArgumentException">The pattern is not one that .NET understands.</exception>
    public RegexPattern(string pattern)
    {
        const RegexOptions options = RegexOptions.CultureInvariant;
        try
        {
            _regex = new Regex(pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Looking ahead needs backtracking, so a time limit stands in for the guarantee.
            _regex = new Regex(pattern, options, MatchTimeout);
        }
    }

    public override ReadOnlySpan<char> View(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Shown(text);

    public override bool Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = end = from;
        try
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(text, from))
            {
                if (match.Length == 0) continue;
                (start, end) = (match.Index, match.Index + match.Length);
                return true;
            }
            return false;
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new EvoluteInputException(
                $"tokenizer.json: the pre-tokenizer's pattern {Models.Quoted.Text(_regex.ToString())} takes too long on this text; the pattern backtracks without end.", e);
        }
    }

    /// <summary>The text with each character beyond the basic plane shown as two of its category.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        StringBuilder shown = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            if (rune.IsBmp) shown.Append((char)rune.Value);
            else shown.Append(StandIn(Rune.GetUnicodeCategory(rune)), 2);
        return shown.ToString();
    }

    /// <summary>A character of the basic plane with the given category that no pattern names by itself.</summary>
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u10A0',
        UnicodeCategory.LowercaseLetter => '\u2D00',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA4F8',
        UnicodeCategory.OtherLetter => '\uA015',
        UnicodeCategory.NonSpacingMark => '\uA9B3',
        UnicodeCategory.SpacingCombiningMark => '\uA9B4',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA9D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.Format => '\u2064',
        UnicodeCategory.DashPunctuation => '\uFE58',
        UnicodeCategory.OtherPunctuation => '\uA9C1',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA490',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFFFE',
    };
}
