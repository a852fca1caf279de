using System.Text.Json;

namespace Evolute.Text.Jinja;

/// <summary>The functions and variables that a chat template finds.</summary>
internal static class Globals
{
    /// <summary>The longest range, as in the sandbox that chat templates are written for.</summary>
    private const int MaxRange = 100_000;

    public static Scope NewScope()
    {
        Scope scope = new(null);
        foreach ((string name, Func<Arguments, Rendering, object?> body) in ((string, Func<Arguments, Rendering, object?>)[])
            [("range", Range), ("namespace", Namespace), ("dict", Map), ("raise_exception", Raise), ("strftime_now", Now)])
            scope.Set(name, new JinjaFunction(name, body));
        return scope;
    }

    /// <summary>A JSON value as a template sees it.</summary>
    public static object? FromJson(JsonElement json)
    {
        try
        {
            return Value(json);
        }
        catch (InvalidOperationException)
        {
            throw new TemplateException("a message or variable holds half of a surrogate pair, which is no character");
        }
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => new JinjaList([.. json.EnumerateArray().Select(Value)]),
        JsonValueKind.Object => FromObject(json),
        _ => null,
    };

    private static JinjaMap FromObject(JsonElement json)
    {
        OrderedDictionary<string, object?> entries = new(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject()) entries[property.Name] = Value(property.Value);
        return new JinjaMap(entries);
    }

    private static JinjaList Range(Arguments arguments, Rendering rendering)
    {
        if (arguments is not { Count: >= 1 and <= 3, Named.Count: 0 }) throw new TemplateException("range takes one to three whole numbers");
        long[] bounds = [.. arguments.Positional.Select(bound => Types.Integer(bound, "a bound of a range"))];
        (long start, long stop, long step) = bounds switch
        {
            [var end] => (0, end, 1L),
            [var first, var end] => (first, end, 1),
            _ => (bounds[0], bounds[1], bounds[2]),
        };
        if (step == 0) throw new TemplateException("the step of a range must not be zero");
        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 count = span <= 0 ? 0 : (span - 1) / Int128.Abs(step) + 1;
        if (count > MaxRange) throw new TemplateException($"a range may have {MaxRange} items at most");
        rendering.Step((long)count);
        object?[] items = new object?[(int)count];
        for (int i = 0; i < items.Length; i++) items[i] = start + i * step;
        return new JinjaList(items);
    }

    private static JinjaNamespace Namespace(Arguments arguments, Rendering rendering)
    {
        JinjaNamespace space = new();
        foreach ((string name, object? value) in Map(arguments, rendering).Entries) space.Values[name] = value;
        return space;
    }

    private static JinjaMap Map(Arguments arguments, Rendering rendering)
    {
        OrderedDictionary<string, object?> entries = new(StringComparer.Ordinal);
        foreach (object? given in arguments.Positional)
            foreach ((string name, object? value) in given is JinjaMap map ? map.Entries : throw new TemplateException("a mapping is made of a mapping and of named values"))
                entries[name] = value;
        foreach ((string name, object? value) in arguments.Named) entries[name] = value;
        rendering.Step(entries.Count);
        return new JinjaMap(entries);
    }

    private static object? Raise(Arguments arguments, Rendering rendering) =>
        throw new TemplateException(PythonText.Of(arguments.Bind("raise_exception", "message")[0].Or(""), rendering));

    private static string Now(Arguments arguments, Rendering rendering) => rendering.Made(DateText.Format(
        Types.Text(arguments.Bind("strftime_now", "format")[0].Required("strftime_now", "format"), "the format of a date"), rendering.Now));
}
