using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolute.Tasks.Rows;

/// <summary>Compares a response with a row's answer.</summary>
/// <param name="kind">One of <see cref="Kinds"/>.</param>
/// <param name="ignoreCase">Whether case does not matter (never of JSON).</param>
/// <param name="labels">A classification's labels; none for any.</param>
internal sealed class ResponseMatch(string kind, bool ignoreCase, IReadOnlyList<string> labels)
{
    private const string Exact = "exact", Regular = "regex", Json = "json", Classification = "classification", None = "none";
    private const int MaxPattern = 1000, MaxResponse = 1 << 20, MaxPatterns = 10_000;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private readonly ConcurrentDictionary<string, Regex> _patterns = new(StringComparer.Ordinal);
    private readonly StringComparison _comparison = ignoreCase || kind == Classification ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>
    /// <c>exact</c>: the same text, space around it apart. <c>regex</c>: the answer is a pattern that is found in the response. <c>json</c>: the response, or the fenced block in it, is the same JSON
    /// value. <c>classification</c>: of the labels the response names the answer alone, or without labels its first line is the answer, case and punctuation apart. <c>none</c>: nothing; the reward comes from elsewhere.
    /// </summary>
    public static readonly string[] Kinds = [Exact, Regular, Json, Classification, None];

    /// <summary>Whether there is nothing to compare with, since something else makes the reward.</summary>
    public bool IsNone => kind == None;

    /// <summary>Checks a row's answer.</summary>
    /// <exception cref="EvoluteInputException">It is not what this compares with; the sentence names the row and the column.</exception>
    public void Check(JsonElement answer, string column, string place)
    {
        if (kind == Json) return;
        if (answer.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) throw new EvoluteInputException($"{place}: column '{column}' must be a string or a number.");
        string text = answer.ToString();
        if (kind == Regular)
        {
            if (text.Length > MaxPattern) throw new EvoluteInputException($"{place}: column '{column}' is a pattern of more than {MaxPattern} characters.");
            try
            {
                Pattern(text);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new EvoluteInputException($"{place}: column '{column}' is no regular expression that works without backtracking: {e.Message}", e);
            }
        }
        if (kind == Classification && labels.Count > 0 && !labels.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase))
            throw new EvoluteInputException($"{place}: column '{column}' is '{text}', which is none of the labels {string.Join(", ", labels)}.");
    }

    /// <summary>Whether the response matches. One of more than a million characters never does.</summary>
    public bool Holds(JsonElement answer, string response) => response.Length <= MaxResponse && kind switch
    {
        Regular => Pattern(answer.ToString()).IsMatch(response),
        Json => SameJson(answer, response),
        Classification => SameLabel(answer.ToString().Trim(), response),
        _ => string.Equals(answer.ToString().Trim(), response.Trim(), _comparison),
    };

    private Regex Pattern(string pattern)
    {
        if (_patterns.TryGetValue(pattern, out Regex? known)) return known;
        Regex made = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        if (_patterns.Count < MaxPatterns) _patterns.TryAdd(pattern, made);
        return made;
    }

    private static bool SameJson(JsonElement answer, string response)
    {
        ReadOnlySpan<char> text = Fenced(response).Trim();
        try
        {
            using JsonDocument document = JsonDocument.Parse(text.ToString(), JsonOptions);
            if (JsonElement.DeepEquals(answer, document.RootElement)) return true;
            // A column may hold its JSON as text.
            if (answer.ValueKind != JsonValueKind.String) return false;
            using JsonDocument inText = JsonDocument.Parse(answer.GetString()!, JsonOptions);
            return JsonElement.DeepEquals(inText.RootElement, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    // The last block between ``` lines, the language's name apart; the whole text without one.
    private static ReadOnlySpan<char> Fenced(ReadOnlySpan<char> text)
    {
        int close = text.LastIndexOf("```", StringComparison.Ordinal);
        int open = close < 0 ? -1 : text[..close].LastIndexOf("```", StringComparison.Ordinal);
        if (open < 0) return text;
        ReadOnlySpan<char> block = text[(open + 3)..close];
        int line = block.IndexOf('\n');
        return line < 0 ? block : block[(line + 1)..];
    }

    private bool SameLabel(string answer, string response)
    {
        if (labels.Count > 0) return labels.All(label => Names(response, label) == string.Equals(label, answer, _comparison));
        ReadOnlySpan<char> line = response.AsSpan().Trim();
        if (line.IndexOf('\n') is > 0 and var end) line = line[..end];
        return line.Trim(" \t\r.,;:!?\"'*`()[]").Equals(answer, _comparison);
    }

    // Whether a label stands in the text as a word.
    private bool Names(ReadOnlySpan<char> text, string label)
    {
        for (int from = 0; from < text.Length;)
        {
            int found = text[from..].IndexOf(label, _comparison);
            if (found < 0) return false;
            int at = from + found, end = at + label.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]))) return true;
            from = at + 1;
        }
        return false;
    }
}
