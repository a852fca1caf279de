namespace Evolute.Text.Jinja;

/// <summary>Names and their values; what is set inside a loop or macro does not leak out of it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>How many loops this is inside of.</summary>
    public int LoopDepth { get; init; } = outer?.LoopDepth ?? 0;

    public object? Get(string name)
    {
        for (Scope? at = this; at is not null; at = at.Outer)
            if (at._values.TryGetValue(name, out object? value)) return value;
        return new Undefined($"'{name}' is undefined");
    }

    public void Set(string name, object? value) => _values[name] = value;

    private Scope? Outer { get; } = outer;
}
