namespace Evolute.Text.Jinja;

/// <summary>The methods of mappings that read.</summary>
internal static class MapMethods
{
    public static JinjaFunction? Find(JinjaMap map, string name) => name switch
    {
        "items" => new JinjaFunction(name, (_, rendering) => Items(map, rendering)),
        "keys" => new JinjaFunction(name, (_, rendering) => Counted([.. map.Entries.Keys], rendering)),
        "values" => new JinjaFunction(name, (_, rendering) => Counted([.. map.Entries.Values], rendering)),
        "get" => new JinjaFunction(name, (arguments, _) =>
        {
            Given[] bound = arguments.Bind("get", "key", "default");
            return bound[0].Required("get", "key") is string key && map.Entries.TryGetValue(key, out object? value) ? value : bound[1].Or(null);
        }),
        "copy" => new JinjaFunction(name, (_, _) => map),
        "update" or "pop" or "popitem" or "clear" or "setdefault" => Refused(name),
        _ => null,
    };

    public static JinjaList Items(JinjaMap map, Rendering rendering) =>
        Counted([.. map.Entries.Select(e => new JinjaList([e.Key, e.Value], ListKind.Tuple))], rendering);

    /// <summary>What changes a value in place is refused, as in the sandbox that chat templates are written for.</summary>
    public static JinjaFunction Refused(string name) =>
        new(name, (_, _) => throw new TemplateException($"the method '{name}' would change a value in place, which a template may not do"));

    private static JinjaList Counted(object?[] items, Rendering rendering)
    {
        rendering.Step(items.Length);
        return new JinjaList(items);
    }
}

/// <summary>The methods of lists that read.</summary>
internal static class ListMethods
{
    public static JinjaFunction? Find(JinjaList list, string name) => name switch
    {
        "index" => new JinjaFunction(name, (arguments, rendering) =>
        {
            object? wanted = arguments.Bind("index", "value")[0].Required("index", "value");
            for (int i = 0; i < list.Items.Count; i++)
                if (Comparison.AreEqual(list.Items[i], wanted, rendering)) return (long)i;
            throw new TemplateException("the item to find is not in the list");
        }),
        "count" => new JinjaFunction(name, (arguments, rendering) =>
        {
            object? wanted = arguments.Bind("count", "value")[0].Required("count", "value");
            return (long)list.Items.Count(item => Comparison.AreEqual(item, wanted, rendering));
        }),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "reverse" or "sort" => MapMethods.Refused(name),
        _ => null,
    };
}
