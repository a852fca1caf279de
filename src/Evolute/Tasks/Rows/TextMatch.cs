using System.Text;
using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>The response is the answer, or has it in it.</summary>
/// <param name="form">What of a text counts.</param>
/// <param name="ignoreCase">Whether case does not matter.</param>
/// <param name="whole">Whether the response is the answer and nothing else.</param>
internal sealed class TextMatch(Func<string, string> form, bool ignoreCase, bool whole) : ResponseMatch
{
    private readonly StringComparison _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>A text without the white space around it.</summary>
    public static string Trimmed(string text) => text.Trim();

    /// <summary>A text without punctuation, but for that within words and numbers and a minus before a digit; with one space where white space was.</summary>
    public static string Normalized(string text)
    {
        StringBuilder kept = new(text.Length);
        bool space = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                space = true;
                continue;
            }
            bool before = i > 0 && char.IsLetterOrDigit(text[i - 1]), after = i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);
            if (char.IsPunctuation(c) && !(before && after) && !(c == '-' && after && char.IsDigit(text[i + 1]))) continue;
            if (space && kept.Length > 0) kept.Append(' ');
            space = false;
            kept.Append(c);
        }
        return kept.ToString();
    }

    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place)
    {
        if (form(RequireText(answer, column, place)).Length == 0 && !whole) throw new EvoluteInputException($"{place}: column '{column}' is empty, which every response contains.");
    }

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response) => whole
        ? string.Equals(form(answer.ToString()), form(response), _comparison)
        : response.Contains(form(answer.ToString()), _comparison);
}
