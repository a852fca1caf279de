using System.Diagnostics.CodeAnalysis;

namespace Evolute.Text.Jinja;

// A template's values are .NET objects: null (none), bool, long, double, string, and the types below.

/// <summary>What a name, key or index that is not there gives: empty text, false, nothing to loop over; an error to use otherwise.</summary>
internal sealed record Undefined(string Reason)
{
    public TemplateException Error() => new(Reason);
}

internal enum ListKind
{
    List,
    Tuple,

    /// <summary>What <c>map</c>, <c>select</c> and their like give: true even when empty, and without a length.</summary>
    Generator,
}

/// <summary>A list, a tuple or what a filter generates. Never changed after it is made.</summary>
internal sealed record JinjaList(IReadOnlyList<object?> Items, ListKind Kind = ListKind.List);

/// <summary>A mapping with text keys, in order of insertion. Never changed after it is made.</summary>
internal sealed record JinjaMap(OrderedDictionary<string, object?> Entries);

/// <summary>What <c>namespace(…)</c> makes: the one thing whose parts a template may set.</summary>
internal sealed class JinjaNamespace
{
    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);
}

/// <summary>A function, a method bound to its value, or a macro.</summary>
internal sealed record JinjaFunction(string Name, Func<Arguments, Rendering, object?> Body);

/// <summary>The <c>loop</c> of a for block.</summary>
internal sealed class JinjaLoop(IReadOnlyList<object?> items, int depth)
{
    /// <summary>The number of the round, from 0.</summary>
    public int Index0 { get; set; }

    // What 'changed' saw last.
    private object? _last;
    private bool _seen;

    [SuppressMessage("Maintainability", "CA1502", Justification = "One arm an attribute.")]
    public object? Attribute(string name) => name switch
    {
        "index" => (long)Index0 + 1,
        "index0" => (long)Index0,
        "revindex" => (long)items.Count - Index0,
        "revindex0" => (long)items.Count - Index0 - 1,
        "first" => Index0 == 0,
        "last" => Index0 == items.Count - 1,
        "length" => (long)items.Count,
        "depth" => (long)depth,
        "depth0" => (long)depth - 1,
        "previtem" => Index0 > 0 ? items[Index0 - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index0 + 1 < items.Count ? items[Index0 + 1] : new Undefined("there is no next item"),
        "cycle" => new JinjaFunction("cycle", (arguments, _) => arguments.Count > 0
            ? arguments.Positional[Index0 % arguments.Count]
            : throw new TemplateException("loop.cycle needs something to cycle through")),
        "changed" => new JinjaFunction("changed", (arguments, rendering) => Changed(arguments, rendering)),
        _ => new Undefined($"the loop has no attribute '{name}'"),
    };

    private bool Changed(Arguments arguments, Rendering rendering)
    {
        JinjaList now = new([.. arguments.Positional], ListKind.Tuple);
        bool same = _seen && Comparison.AreEqual(_last, now, rendering);
        (_last, _seen) = (now, true);
        return !same;
    }
}
