using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>What kind a value is, and how to walk through it.</summary>
internal static class Types
{
    public static string Name(object? value) => value switch
    {
        null => "none",
        Undefined => "an undefined value",
        bool => "a boolean",
        long => "a whole number",
        double => "a number",
        string => "a text",
        JinjaList { Kind: ListKind.Tuple } => "a tuple",
        JinjaList => "a list",
        JinjaMap => "a mapping",
        JinjaNamespace => "a namespace",
        JinjaFunction => "a function",
        _ => "a loop",
    };

    /// <summary>The items of what can be looped over: characters of a text, keys of a mapping; nothing of an undefined value.</summary>
    public static IReadOnlyList<object?> Items(object? value, Rendering rendering)
    {
        IReadOnlyList<object?> items = value switch
        {
            JinjaList list => list.Items,
            JinjaMap map => [.. map.Entries.Keys],
            string text => Characters(text, rendering),
            Undefined => [],
            _ => throw new TemplateException($"{Name(value)} is not something to loop over"),
        };
        rendering.Step(items.Count);
        return items;
    }

    public static long Length(object? value, Rendering rendering) => value switch
    {
        string text => IsPlain(text) ? text.Length : Counted(text, rendering),
        JinjaList { Kind: not ListKind.Generator } list => list.Items.Count,
        JinjaMap map => map.Entries.Count,
        Undefined => 0,
        _ => throw new TemplateException($"{Name(value)} has no length"),
    };

    public static long Integer(object? value, string what) => value switch
    {
        long i => i,
        bool b => b ? 1 : 0,
        Undefined u => throw u.Error(),
        _ => throw new TemplateException($"{what} must be a whole number, not {Name(value)}"),
    };

    public static string Text(object? value, string what) => value switch
    {
        string text => text,
        Undefined u => throw u.Error(),
        _ => throw new TemplateException($"{what} must be a text, not {Name(value)}"),
    };

    /// <summary>Whether each UTF-16 code unit is a character.</summary>
    public static bool IsPlain(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    private static long Counted(string text, Rendering rendering)
    {
        rendering.Step(1 + text.Length / 64);
        return text.EnumerateRunes().Count();
    }

    private static List<object?> Characters(string text, Rendering rendering)
    {
        rendering.Step(text.Length);
        List<object?> characters = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) characters.Add(rune.ToString());
        return characters;
    }
}
