using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>The methods of texts, as Python has them.</summary>
internal static class TextMethods
{
    private static readonly Dictionary<string, Func<string, Arguments, Rendering, object?>> All = new(StringComparer.Ordinal)
    {
        ["strip"] = (text, arguments, rendering) => rendering.Made(Strip(text, arguments, "strip", left: true, right: true)),
        ["lstrip"] = (text, arguments, rendering) => rendering.Made(Strip(text, arguments, "lstrip", left: true, right: false)),
        ["rstrip"] = (text, arguments, rendering) => rendering.Made(Strip(text, arguments, "rstrip", left: false, right: true)),
        ["upper"] = (text, _, rendering) => rendering.Made(text.ToUpperInvariant()),
        ["lower"] = (text, _, rendering) => rendering.Made(text.ToLowerInvariant()),
        ["capitalize"] = (text, _, rendering) => rendering.Made(Capitalize(text)),
        ["title"] = (text, _, rendering) => rendering.Made(Title(text)),
        ["split"] = (text, arguments, rendering) => TextSplit.Split(text, arguments, rendering, fromRight: false),
        ["rsplit"] = (text, arguments, rendering) => TextSplit.Split(text, arguments, rendering, fromRight: true),
        ["splitlines"] = TextSplit.Lines,
        ["partition"] = (text, arguments, rendering) => TextSplit.Partition(text, arguments, rendering, last: false),
        ["rpartition"] = (text, arguments, rendering) => TextSplit.Partition(text, arguments, rendering, last: true),
        ["replace"] = Replace,
        ["startswith"] = (text, arguments, _) => Affixes(arguments, "startswith").Any(a => text.StartsWith(a, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments, _) => Affixes(arguments, "endswith").Any(a => text.EndsWith(a, StringComparison.Ordinal)),
        ["removeprefix"] = (text, arguments, rendering) => rendering.Made(Affixes(arguments, "removeprefix").First() is var a && text.StartsWith(a, StringComparison.Ordinal) ? text[a.Length..] : text),
        ["removesuffix"] = (text, arguments, rendering) => rendering.Made(Affixes(arguments, "removesuffix").First() is var a && text.EndsWith(a, StringComparison.Ordinal) ? text[..^a.Length] : text),
        ["find"] = (text, arguments, rendering) => Find(text, arguments, rendering, "find", last: false),
        ["rfind"] = (text, arguments, rendering) => Find(text, arguments, rendering, "rfind", last: true),
        ["index"] = (text, arguments, rendering) => Find(text, arguments, rendering, "index", last: false) is >= 0 and var at ? at : throw new TemplateException("the text to find is not there"),
        ["count"] = (text, arguments, rendering) => Occurrences(text, One(arguments, "count"), rendering),
        ["join"] = (text, arguments, rendering) => Join(text, Types.Items(arguments.Bind("join", "items")[0].Required("join", "items"), rendering), rendering),
        ["isdigit"] = (text, _, _) => text.Length > 0 && text.All(char.IsDigit),
        ["isnumeric"] = (text, _, _) => text.Length > 0 && text.All(char.IsNumber),
        ["isalpha"] = (text, _, _) => text.Length > 0 && text.All(char.IsLetter),
        ["isalnum"] = (text, _, _) => text.Length > 0 && text.All(char.IsLetterOrDigit),
        ["isspace"] = (text, _, _) => text.Length > 0 && text.All(IsSpace),
        ["islower"] = (text, _, _) => IsCased(text, upper: false),
        ["isupper"] = (text, _, _) => IsCased(text, upper: true),
    };

    /// <summary>The method bound to the text, or null.</summary>
    public static JinjaFunction? Find(string text, string name) =>
        All.TryGetValue(name, out Func<string, Arguments, Rendering, object?>? method)
            ? new JinjaFunction(name, (arguments, rendering) =>
            {
                rendering.Step(1 + text.Length / 64);
                return method(text, arguments, rendering);
            })
            : null;

    /// <summary>Python's white space: .NET's and four separators.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static string Trim(string text, string? characters, bool left, bool right)
    {
        int start = 0, end = text.Length;
        while (left && start < end && Strips(text[start])) start++;
        while (right && end > start && Strips(text[end - 1])) end--;
        return text[start..end];

        bool Strips(char c) => characters is null ? IsSpace(c) : characters.Contains(c, StringComparison.Ordinal);
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>Each letter after something that is none as a capital.</summary>
    public static string Title(string text)
    {
        StringBuilder title = new(text.Length);
        for (int i = 0; i < text.Length; i++)
            title.Append(i > 0 && char.IsLetter(text[i - 1]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]));
        return title.ToString();
    }

    public static bool IsCased(string text, bool upper) =>
        text.Any(char.IsLetter) && text.All(c => !(upper ? char.IsLower(c) : char.IsUpper(c)));

    public static string Replace(string text, string old, string with, long most, Rendering rendering)
    {
        if (old.Length == 0) throw new TemplateException("replace needs a text to replace that is not empty");
        StringBuilder replaced = new();
        int at = 0;
        for (; most != 0 && text.IndexOf(old, at, StringComparison.Ordinal) is int found and >= 0; most--)
        {
            rendering.Characters(found - at + with.Length);
            replaced.Append(text, at, found - at).Append(with);
            at = found + old.Length;
        }
        return at == 0 ? text : replaced.Append(text, at, text.Length - at).ToString();
    }

    public static string Join(string separator, IReadOnlyList<object?> items, Rendering rendering)
    {
        string[] texts = [.. items.Select(item => Types.Text(item, "an item to join"))];
        rendering.Characters(texts.Sum(t => (long)t.Length + separator.Length));
        return string.Join(separator, texts);
    }

    private static string Strip(string text, Arguments arguments, string method, bool left, bool right) =>
        Trim(text, arguments.Bind(method, "chars")[0].Or(null) is { } characters ? Types.Text(characters, "what to strip") : null, left, right);

    private static string Replace(string text, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("replace", "old", "new", "count");
        return Replace(text, Types.Text(bound[0].Required("replace", "old"), "what to replace"), Types.Text(bound[1].Required("replace", "new"), "the replacement"),
            Types.Integer(bound[2].Or(-1L), "count"), rendering);
    }

    private static IEnumerable<string> Affixes(Arguments arguments, string method)
    {
        object? affix = arguments.Positional is [var one] && arguments.Named.Count == 0 ? one : throw new TemplateException($"{method} takes one argument");
        return affix is JinjaList { Kind: ListKind.Tuple } several ? several.Items.Select(a => Types.Text(a, "an affix")) : [Types.Text(affix, "an affix")];
    }

    private static string One(Arguments arguments, string method) => Types.Text(arguments.Bind(method, "text")[0].Required(method, "text"), "what to look for");

    private static long Find(string text, Arguments arguments, Rendering rendering, string method, bool last)
    {
        string part = One(arguments, method);
        rendering.Step(1 + text.Length / 16);
        int at = last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1 : Types.Length(text[..at], rendering);
    }

    private static long Occurrences(string text, string part, Rendering rendering)
    {
        rendering.Step(1 + text.Length / 16);
        return part.Length == 0 ? Types.Length(text, rendering) + 1 : text.AsSpan().Count(part);
    }
}
