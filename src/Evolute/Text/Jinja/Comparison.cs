using Evolute.Models;

namespace Evolute.Text.Jinja;

/// <summary>Truth, equality, order and membership, as Python has them.</summary>
internal static class Comparison
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool b => b,
        long i => i != 0,
        double d => d != 0,
        string s => s.Length > 0,
        JinjaList l => l.Kind == ListKind.Generator || l.Items.Count > 0,
        JinjaMap m => m.Entries.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? a, object? b, Rendering rendering)
    {
        rendering.Step();
        Rendering.EnterNesting();
        if (Number(a) is { } x && Number(b) is { } y) return a is double || b is double ? x == y : Whole(a) == Whole(b);
        return (a, b) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (string s, string t) => string.Equals(s, t, StringComparison.Ordinal),
            (JinjaList l, JinjaList m) => l.Kind == m.Kind && l.Items.Count == m.Items.Count
                && l.Items.Zip(m.Items).All(p => AreEqual(p.First, p.Second, rendering)),
            (JinjaMap m, JinjaMap n) => m.Entries.Count == n.Entries.Count
                && m.Entries.All(e => n.Entries.TryGetValue(e.Key, out object? other) && AreEqual(e.Value, other, rendering)),
            _ => ReferenceEquals(a, b),
        };
    }

    /// <summary>Less than, equal (0) or greater than zero; an error between kinds that have no order.</summary>
    public static int Order(object? a, object? b, Rendering rendering)
    {
        rendering.Step();
        Rendering.EnterNesting();
        if (a is Undefined u) throw u.Error();
        if (b is Undefined v) throw v.Error();
        if (Number(a) is { } x && Number(b) is { } y) return a is double || b is double ? x.CompareTo(y) : Whole(a).CompareTo(Whole(b));
        return (a, b) switch
        {
            (string s, string t) => Utf8Order.Instance.Compare(s, t),
            (JinjaList l, JinjaList m) when l.Kind == m.Kind && l.Kind != ListKind.Generator => OrderLists(l, m, rendering),
            _ => throw new TemplateException($"{Types.Name(a)} and {Types.Name(b)} have no order"),
        };
    }

    public static bool Contains(object? container, object? item, Rendering rendering)
    {
        switch (container)
        {
            case string text:
                if (item is not string part) throw new TemplateException($"only a text can be in a text, not {Types.Name(item)}");
                rendering.Step(1 + text.Length / 64);
                return text.Contains(part, StringComparison.Ordinal);
            case JinjaMap map:
                return item is string key && map.Entries.ContainsKey(key);
            default:
                return Types.Items(container, rendering).Any(other => AreEqual(other, item, rendering));
        }
    }

    private static int OrderLists(JinjaList a, JinjaList b, Rendering rendering)
    {
        for (int i = 0; i < a.Items.Count && i < b.Items.Count; i++)
            if (!AreEqual(a.Items[i], b.Items[i], rendering)) return Order(a.Items[i], b.Items[i], rendering);
        return a.Items.Count.CompareTo(b.Items.Count);
    }

    private static double? Number(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        long i => i,
        double d => d,
        _ => null,
    };

    private static long Whole(object? value) => value is bool b ? b ? 1 : 0 : (long)value!;
}
