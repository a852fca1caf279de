namespace Evolute.Text.Jinja;

/// <summary>Attributes, items and slices of values.</summary>
internal static class Access
{
    /// <summary><c>value.name</c>: a method first, then an item of that name, as Jinja looks.</summary>
    public static object? Attribute(object? value, string name) => value switch
    {
        Undefined u => throw u.Error(),
        JinjaLoop loop => loop.Attribute(name),
        JinjaNamespace space => space.Values.TryGetValue(name, out object? held) ? held : Missing(value, name),
        JinjaMap map => MapMethods.Find(map, name) ?? Entry(map, name),
        string text => TextMethods.Find(text, name) ?? (object)Missing(value, name),
        JinjaList list => ListMethods.Find(list, name) ?? (object)Missing(value, name),
        _ => Missing(value, name),
    };

    /// <summary><c>value[key]</c>.</summary>
    public static object? Item(object? value, object? key, Rendering rendering) => (value, key) switch
    {
        (Undefined u, _) => throw u.Error(),
        (JinjaMap map, string name) => map.Entries.TryGetValue(name, out object? held) ? held : MapMethods.Find(map, name) ?? Entry(map, name),
        (JinjaList { Kind: not ListKind.Generator } list, long or bool) => At(list.Items, Types.Integer(key, "an index"), value),
        (string text, long or bool) => Character(text, Types.Integer(key, "an index"), rendering),
        (_, string name) => Attribute(value, name),
        _ => new Undefined($"{Types.Name(value)} has no element {PythonText.Of(key, rendering)}"),
    };

    /// <summary><c>value[start:stop:step]</c> of a list or a text.</summary>
    public static object? Slice(object? value, long? start, long? stop, long? stride, Rendering rendering)
    {
        if (value is Undefined u) throw u.Error();
        if (value is string text)
        {
            if (stride is null or 1 && Types.IsPlain(text))
            {
                (long first, long last, _) = Bounds(text.Length, start, stop, 1);
                return rendering.Made(first < last ? text[(int)first..(int)last] : "");
            }
            return rendering.Made(string.Concat(Sliced(Types.Items(text, rendering), start, stop, stride, rendering)));
        }
        if (value is not JinjaList { Kind: not ListKind.Generator } list) return new Undefined($"{Types.Name(value)} cannot be sliced");
        return list with { Items = Sliced(list.Items, start, stop, stride, rendering) };
    }

    private static List<object?> Sliced(IReadOnlyList<object?> items, long? start, long? stop, long? stride, Rendering rendering)
    {
        (long at, long end, long step) = Bounds(items.Count, start, stop, stride ?? 1);
        List<object?> slice = [];
        for (; step > 0 ? at < end : at > end; at += step)
        {
            rendering.Step();
            slice.Add(items[(int)at]);
        }
        return slice;
    }

    /// <summary>Python's rules: negative bounds count from the end, bounds outside are cut.</summary>
    private static (long Start, long Stop, long Step) Bounds(long length, long? start, long? stop, long step)
    {
        if (step == 0) throw new TemplateException("the step of a slice must not be zero");
        // A larger step takes no more than one element either way.
        step = Math.Clamp(step, -length - 1, length + 1);
        long low = step > 0 ? 0 : -1, high = step > 0 ? length : length - 1;
        return (Bound(start, step > 0 ? low : high), Bound(stop, step > 0 ? high : low), step);

        long Bound(long? bound, long otherwise) => bound is not long b ? otherwise : Math.Clamp(b < 0 ? b + length : b, low, high);
    }

    private static object? At(IReadOnlyList<object?> items, long index, object? of)
    {
        long at = index < 0 ? index + items.Count : index;
        return at >= 0 && at < items.Count ? items[(int)at] : new Undefined($"{Types.Name(of)} has no element {index}");
    }

    private static object? Character(string text, long index, Rendering rendering)
    {
        if (!Types.IsPlain(text)) return At(Types.Items(text, rendering), index, text);
        long at = index < 0 ? index + text.Length : index;
        return at >= 0 && at < text.Length ? text[(int)at].ToString() : new Undefined($"a text has no element {index}");
    }

    private static object? Entry(JinjaMap map, string name) =>
        map.Entries.TryGetValue(name, out object? held) ? held : new Undefined($"the mapping has no key {Models.Quoted.Text(name)}");

    private static Undefined Missing(object? value, string name) => new($"{Types.Name(value)} has no attribute {Models.Quoted.Text(name)}");
}
