using System.Globalization;

namespace Evolute.Text.Jinja;

/// <summary>The filters that take a sequence.</summary>
internal static class SequenceFilters
{
    public static IEnumerable<(string Name, Filter Filter)> All { get; } =
    [
        ("first", (value, _, rendering) => Types.Items(value, rendering) is [var first, ..] ? first : new Undefined("there is no first item")),
        ("last", (value, _, rendering) => Types.Items(value, rendering) is [.., var last] ? last : new Undefined("there is no last item")),
        ("reverse", Reverse),
        ("sort", Sort),
        ("dictsort", SortMap),
        ("unique", Unique),
        ("min", (value, arguments, rendering) => Extreme(value, arguments, rendering, "min", sign: -1)),
        ("max", (value, arguments, rendering) => Extreme(value, arguments, rendering, "max", sign: 1)),
        ("sum", Sum),
        ("map", Map),
        ("select", (value, arguments, rendering) => Select(value, arguments, rendering, keep: true, byAttribute: false)),
        ("reject", (value, arguments, rendering) => Select(value, arguments, rendering, keep: false, byAttribute: false)),
        ("selectattr", (value, arguments, rendering) => Select(value, arguments, rendering, keep: true, byAttribute: true)),
        ("rejectattr", (value, arguments, rendering) => Select(value, arguments, rendering, keep: false, byAttribute: true)),
    ];

    /// <summary>The item at a path such as <c>function.name</c> or <c>0</c>.</summary>
    public static object? Follow(object? item, object? path, Rendering rendering)
    {
        if (path is not string text) return Access.Item(item, path, rendering);
        foreach (string part in text.Split('.'))
            item = Access.Item(item, long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? index : part, rendering);
        return item;
    }

    private static object? Reverse(object? value, Arguments arguments, Rendering rendering)
    {
        IEnumerable<object?> reversed = Types.Items(value, rendering).Reverse();
        return value is string ? rendering.Made(string.Concat(reversed)) : new JinjaList([.. reversed], ListKind.Generator);
    }

    private static JinjaList Sort(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        object? path = bound[2].Or(null);
        bool caseSensitive = Comparison.IsTrue(bound[1].Or(false));
        return new JinjaList(Sorted(
            // In a list of its own, where two that are not there are equal.
            Types.Items(value, rendering), item => path is null ? item : new JinjaList([Folded(Follow(item, path, rendering), caseSensitive)]),
            Comparison.IsTrue(bound[0].Or(false)), caseSensitive, rendering));
    }

    private static JinjaList SortMap(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        if (value is not JinjaMap map) throw value is Undefined u ? u.Error() : new TemplateException($"dictsort takes a mapping, not {Types.Name(value)}");
        int by = bound[1].Or("key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new TemplateException("dictsort goes by 'key' or 'value'"),
        };
        return new JinjaList(Sorted(
            MapMethods.Items(map, rendering).Items, item => ((JinjaList)item!).Items[by],
            Comparison.IsTrue(bound[2].Or(false)), Comparison.IsTrue(bound[0].Or(false)), rendering));
    }

    private static List<object?> Sorted(
        IEnumerable<object?> items, Func<object?, object?> key, bool reverse, bool caseSensitive, Rendering rendering)
    {
        Comparer<object?> order = Comparer<object?>.Create((a, b) => reverse ? Comparison.Order(b, a, rendering) : Comparison.Order(a, b, rendering));
        try
        {
            return [.. items.OrderBy(item => Folded(key(item), caseSensitive), order)];
        }
        catch (InvalidOperationException e) when (e.InnerException is TemplateException inner)
        {
            throw inner;
        }
    }

    private static JinjaList Unique(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("unique", "case_sensitive", "attribute");
        bool caseSensitive = Comparison.IsTrue(bound[0].Or(false));
        List<object?> seen = [], kept = [];
        foreach (object? item in Types.Items(value, rendering))
        {
            object? key = bound[1].Or(null) is { } path ? Follow(item, path, rendering) : item;
            key = Folded(key, caseSensitive);
            if (seen.Any(other => Comparison.AreEqual(other, key, rendering))) continue;
            seen.Add(key);
            kept.Add(item);
        }
        return new JinjaList(kept, ListKind.Generator);
    }

    private static object? Extreme(object? value, Arguments arguments, Rendering rendering, string name, int sign)
    {
        Given[] bound = arguments.Bind(name, "case_sensitive", "attribute");
        bool caseSensitive = Comparison.IsTrue(bound[0].Or(false));
        IReadOnlyList<object?> items = Types.Items(value, rendering);
        if (items.Count == 0) return new Undefined("there is no item");
        object? best = items[0];
        foreach (object? item in items.Skip(1))
            if (sign * Comparison.Order(Key(item), Key(best), rendering) > 0) best = item;
        return best;

        object? Key(object? item) => Folded(bound[1].Or(null) is { } path ? Follow(item, path, rendering) : item, caseSensitive);
    }

    private static object? Folded(object? key, bool caseSensitive) => key is string text && !caseSensitive ? text.ToLowerInvariant() : key;

    private static object? Sum(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("sum", "attribute", "start");
        object? sum = bound[1].Or(0L);
        foreach (object? item in Types.Items(value, rendering))
            sum = Arithmetic.Apply("+", sum, bound[0].Or(null) is { } path ? Follow(item, path, rendering) : item, rendering);
        return sum;
    }

    private static JinjaList Map(object? value, Arguments arguments, Rendering rendering)
    {
        Func<object?, object?> apply;
        if (arguments.Positional.Count == 0)
        {
            Given[] bound = arguments.Bind("map", "attribute", "default");
            object? path = bound[0].Required("map", "attribute");
            apply = item => Follow(item, path, rendering) is var found && found is Undefined && bound[1].IsGiven ? bound[1].Value : found;
        }
        else
        {
            Filter filter = Filters.Find(Types.Text(arguments.Positional[0], "the name of a filter"));
            Arguments rest = arguments.Skip(1);
            apply = item => filter(item, rest, rendering);
        }
        List<object?> mapped = [];
        foreach (object? item in ItemsOrNone(value, rendering))
        {
            Rendering.EnterNesting();
            mapped.Add(apply(item));
        }
        return new JinjaList(mapped, ListKind.Generator);
    }

    /// <summary>Whatever is false (none, 0) has no items here; elsewhere it would be an error.</summary>
    private static IReadOnlyList<object?> ItemsOrNone(object? value, Rendering rendering) =>
        Comparison.IsTrue(value) ? Types.Items(value, rendering) : [];

    private static JinjaList Select(object? value, Arguments arguments, Rendering rendering, bool keep, bool byAttribute)
    {
        object? path = null;
        if (byAttribute)
        {
            if (arguments.Count == 0) throw new TemplateException("selectattr and rejectattr need the name of an attribute");
            (path, arguments) = (arguments.Positional[0], arguments.Skip(1));
        }
        Test test = arguments.Count == 0 ? (item, _, _) => Comparison.IsTrue(item) : Tests.Find(Types.Text(arguments.Positional[0], "the name of a test"));
        Arguments rest = arguments.Count == 0 ? arguments : arguments.Skip(1);
        List<object?> kept = [];
        foreach (object? item in ItemsOrNone(value, rendering))
            if (test(byAttribute ? Follow(item, path, rendering) : item, rest, rendering) == keep) kept.Add(item);
        return new JinjaList(kept, ListKind.Generator);
    }
}
