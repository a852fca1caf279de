using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolute.Tasks.Rows;

/// <summary>The answer is a pattern that is found in the response; patterns run without backtracking.</summary>
/// <param name="ignoreCase">Whether case does not matter.</param>
internal sealed class RegexMatch(bool ignoreCase) : ResponseMatch
{
    private const int MaxPattern = 1000, MaxPatterns = 10_000;

    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <summary>A pattern that works without backtracking.</summary>
    /// <exception cref="EvoluteInputException">It is none, or too long.</exception>
    public static Regex Compile(string pattern, RegexOptions options, string what)
    {
        if (pattern.Length > MaxPattern) throw new EvoluteInputException($"{what} is a pattern of more than {MaxPattern} characters.");
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | options);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new EvoluteInputException($"{what} is no regular expression that works without backtracking: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place) => Pattern(RequireText(answer, column, place), $"{place}: column '{column}'");

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response) => Pattern(answer.ToString(), "The answer").IsMatch(response);

    private Regex Pattern(string pattern, string what)
    {
        if (_patterns.TryGetValue(pattern, out Regex? known)) return known;
        Regex made = Compile(pattern, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None, what);
        if (_patterns.Count < MaxPatterns) _patterns.TryAdd(pattern, made);
        return made;
    }
}
