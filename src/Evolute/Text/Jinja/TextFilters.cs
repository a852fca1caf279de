namespace Evolute.Text.Jinja;

/// <summary>The filters that make text of what they are given.</summary>
internal static class TextFilters
{
    public static IEnumerable<(string Name, Filter Filter)> All { get; } =
    [
        ("upper", (value, _, rendering) => rendering.Made(PythonText.Of(value, rendering).ToUpperInvariant())),
        ("lower", (value, _, rendering) => rendering.Made(PythonText.Of(value, rendering).ToLowerInvariant())),
        ("capitalize", (value, _, rendering) => rendering.Made(TextMethods.Capitalize(PythonText.Of(value, rendering)))),
        ("title", (value, _, rendering) => rendering.Made(Title(PythonText.Of(value, rendering)))),
        ("trim", Trim),
        ("replace", Replace),
        ("join", Join),
        ("indent", Indent),
        ("escape", Escape),
        ("e", Escape),
        ("wordcount", (value, _, rendering) => CountWords(rendering.Made(PythonText.Of(value, rendering)))),
    ];

    private static string Trim(object? value, Arguments arguments, Rendering rendering)
    {
        string? characters = arguments.Bind("trim", "chars")[0].Or(null) is { } given ? Types.Text(given, "what to trim") : null;
        return rendering.Made(TextMethods.Trim(PythonText.Of(value, rendering), characters, left: true, right: true));
    }

    /// <summary>Jinja's own idea of words: what follows white space, a hyphen or an opening bracket.</summary>
    private static string Title(string text)
    {
        char[] title = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < title.Length; i++)
            if (i == 0 || "-({[<".Contains(title[i - 1], StringComparison.Ordinal) || TextMethods.IsSpace(title[i - 1])) title[i] = char.ToUpperInvariant(title[i]);
        return new string(title);
    }

    private static string Replace(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("replace", "old", "new", "count");
        return TextMethods.Replace(
            PythonText.Of(value, rendering),
            PythonText.Of(bound[0].Required("replace", "old"), rendering),
            PythonText.Of(bound[1].Required("replace", "new"), rendering),
            Types.Integer(bound[2].Or(null) ?? -1L, "count"), rendering);
    }

    private static string Join(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("join", "d", "attribute");
        IEnumerable<object?> items = Types.Items(value, rendering);
        if (bound[1].Or(null) is { } path) items = items.Select(item => SequenceFilters.Follow(item, path, rendering));
        return TextMethods.Join(PythonText.Of(bound[0].Or(""), rendering), [.. items.Select(item => PythonText.Of(item, rendering))], rendering);
    }

    /// <summary>Every line but the first is moved right; empty ones only where asked.</summary>
    private static string Indent(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("indent", "width", "first", "blank");
        object? width = bound[0].Or(4L);
        string indent = width as string ?? (string)Arithmetic.Apply("*", " ", Types.Integer(width, "width"), rendering)!;
        bool blank = Comparison.IsTrue(bound[2].Or(false));
        string[] lines = rendering.Made(PythonText.Of(value, rendering)).Split('\n');
        rendering.Characters((long)lines.Length * indent.Length);
        string text = string.Join('\n', lines.Select((line, i) => i > 0 && (line.Length > 0 || blank) ? indent + line : line));
        return Comparison.IsTrue(bound[1].Or(false)) ? indent + text : text;
    }

    private static string Escape(object? value, Arguments arguments, Rendering rendering) => rendering.Made(PythonText.Of(value, rendering)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal));

    /// <summary>Runs of letters, digits and underscores.</summary>
    private static long CountWords(string text)
    {
        long words = 0;
        for (int i = 0; i < text.Length; i++)
            if (IsWord(text[i]) && (i == 0 || !IsWord(text[i - 1]))) words++;
        return words;

        static bool IsWord(char c) => c == '_' || char.IsLetterOrDigit(c);
    }
}
