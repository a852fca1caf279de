using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Evolute.Models;

namespace Evolute.Text.Splitting;

/// <summary>
/// A pattern that has no scanner of its own, through the runtime's regular expressions. They see UTF-16 code units, to which
/// <c>\p{L}</c> and its like do not reach beyond the basic plane; so a character there is shown to the expression as one of the
/// basic plane of the same general category.
/// </summary>
internal sealed class RegexPattern : PiecePattern
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1), TextLimit = TimeSpan.FromSeconds(5);
    private readonly Regex _regex;
    private readonly string _file;

    private RegexPattern(Regex regex, string file) => (_regex, _file) = (regex, file);

    /// <summary>Reads the pattern of a file.</summary>
    /// <exception cref="EvoluteInputException">It is not one that .NET understands.</exception>
    public static RegexPattern Parse(string pattern, string file)
    {
        const RegexOptions options = RegexOptions.CultureInvariant;
        try
        {
            try
            {
                return new RegexPattern(new Regex(pattern, options | RegexOptions.NonBacktracking), file);
            }
            catch (NotSupportedException)
            {
                // Looking ahead needs backtracking, so a time limit stands in for the guarantee.
                return new RegexPattern(new Regex(pattern, options, MatchLimit), file);
            }
        }
        catch (ArgumentException e)
        {
            throw new EvoluteInputException($"{file}: the pattern {Quoted.Text(pattern)} is not a regular expression that .NET can run: {e.Message}", e);
        }
    }

    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            ReadOnlySpan<char> shown = Shown(text, out int[]? places);
            foreach (ValueMatch match in _regex.EnumerateMatches(shown))
            {
                int start = match.Index, end = match.Index + match.Length;
                if (end > start) matches.Add(places is null ? (start, end) : (places[start], places[end]));
                if ((matches.Count & 255) == 0 && Stopwatch.GetElapsedTime(started) > TextLimit) throw new RegexMatchTimeoutException();
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new EvoluteInputException($"{_file}: the pattern {Quoted.Text(_regex.ToString())} takes too long on a text of {text.Length} characters.", e);
        }
    }

    /// <summary>The text with every match replaced.</summary>
    public string Replace(string text, string replacement)
    {
        List<(int Start, int End)> matches = [];
        FindAll(text, matches);
        if (matches.Count == 0) return text;
        StringBuilder replaced = new(text.Length);
        int at = 0;
        foreach ((int start, int end) in matches)
        {
            replaced.Append(text, at, start - at).Append(replacement);
            at = end;
        }
        return replaced.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The text with one code unit a character, and where each is in the original; null where that is the same place.</summary>
    private static ReadOnlySpan<char> Shown(ReadOnlySpan<char> text, out int[]? places)
    {
        places = null;
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text;
        char[] shown = new char[text.Length];
        places = new int[text.Length + 1];
        int count = 0, at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            shown[count] = rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune));
            places[count++] = at;
            at += rune.Utf16SequenceLength;
        }
        places[count] = at;
        return shown.AsSpan(0, count);
    }

    /// <summary>A character of the basic plane with the given category that no pattern names by itself.</summary>
    internal static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u10A0',
        UnicodeCategory.LowercaseLetter => '\u2D00',
        UnicodeCategory.ModifierLetter => '\uA4F8',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\uA9B3',
        UnicodeCategory.SpacingCombiningMark => '\uA9B4',
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
        // There are no others beyond the basic plane, but for the unassigned.
        _ => '\uFFFE',
    };
}
