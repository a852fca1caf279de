using System.Text.Json;

namespace Evolute.Tasks.Rows;

/// <summary>A classification: of the labels the response names the answer alone; without labels its first line is the answer, case and punctuation around it apart.</summary>
/// <param name="labels">The labels; none for any.</param>
internal sealed class LabelMatch(IReadOnlyList<string> labels) : ResponseMatch
{
    private const StringComparison Comparison = StringComparison.OrdinalIgnoreCase;

    /// <inheritdoc/>
    public override void Check(JsonElement answer, string column, string place)
    {
        string text = RequireText(answer, column, place);
        if (labels.Count > 0 && !labels.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase))
            throw new EvoluteInputException($"{place}: column '{column}' is '{text}', which is none of the labels {string.Join(", ", labels)}.");
    }

    /// <inheritdoc/>
    public override bool Holds(JsonElement answer, string response)
    {
        string label = answer.ToString().Trim();
        if (labels.Count > 0) return Named(response) is { } named && string.Equals(named, label, Comparison);
        ReadOnlySpan<char> line = response.AsSpan().Trim();
        if (line.IndexOf('\n') is > 0 and var end) line = line[..end];
        return line.Trim(" \t\r.,;:!?\"'*`()[]").Equals(label, Comparison);
    }

    /// <summary>The only label that the response names; null where it names none or several. A label within a longer one that is named there ("spam" in "not spam") does not count.</summary>
    private string? Named(string response)
    {
        string? only = null;
        bool[] covered = new bool[response.Length];
        foreach (string label in labels.OrderByDescending(l => l.Length))
        {
            bool found = false;
            for (int from = 0; from < response.Length;)
            {
                int at = response.IndexOf(label, from, Comparison);
                if (at < 0) break;
                int end = at + label.Length;
                from = at + 1;
                if ((at > 0 && char.IsLetterOrDigit(response[at - 1])) || (end < response.Length && char.IsLetterOrDigit(response[end])) || covered[at]) continue;
                found = true;
                covered.AsSpan(at, label.Length).Fill(true);
                from = end;
            }
            if (found && only is not null) return null;
            if (found) only = label;
        }
        return only;
    }
}
