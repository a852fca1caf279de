using System.Text;

namespace Evolute.Tasks;

/// <summary>A prompt's text with <c>{column}</c> where a row's column goes; <c>{{</c> and <c>}}</c> are braces.</summary>
internal sealed class PromptTemplate
{
    private readonly List<(string Text, bool IsField)> _parts = [];

    private PromptTemplate()
    {
    }

    /// <summary>The columns that it names, each once.</summary>
    public IReadOnlyList<string> Fields => [.. _parts.Where(p => p.IsField).Select(p => p.Text).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="place">What it is called in error sentences.</param>
    /// <exception cref="EvoluteInputException">A brace stands alone, or no column is named.</exception>
    public static PromptTemplate Parse(string text, string place)
    {
        PromptTemplate template = new();
        StringBuilder literal = new();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is not ('{' or '}'))
            {
                literal.Append(c);
                continue;
            }
            if (i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
                continue;
            }
            int end = c == '{' ? text.AsSpan(i + 1).IndexOfAny('{', '}') : -1;
            if (end <= 0 || text[i + 1 + end] == '{')
                throw new EvoluteInputException($"{place}: the {c} at character {i + 1} belongs to no {{column}}; write {c}{c} for the brace itself.");
            template.Add(literal.ToString(), isField: false);
            literal.Clear();
            template.Add(text.Substring(i + 1, end), isField: true);
            i += end + 1;
        }
        template.Add(literal.ToString(), isField: false);
        return template.Fields.Count > 0 ? template : throw new EvoluteInputException($"{place} names no {{column}}, so that all prompts would be the same: '{text}'.");
    }

    /// <summary>The text with every column's own in its place.</summary>
    /// <param name="column">From a column's name to its text.</param>
    public string Render(Func<string, string> column)
    {
        StringBuilder text = new();
        foreach ((string part, bool isField) in _parts) text.Append(isField ? column(part) : part);
        return text.ToString();
    }

    private void Add(string text, bool isField)
    {
        if (text.Length > 0) _parts.Add((text, isField));
    }
}
