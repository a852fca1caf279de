namespace Evolute.Text.Jinja;

/// <summary>Names and their values; what is set inside a loop or macro does not leak out of it.</summary>
internal sealed class Scope(Scope? outer)
{
    // Each round of a loop has a scope with two or three names, for which a short row beats a table.
    private const int RowLength = 8;
    private readonly Scope? _outer = outer;
    private (string Name, object? Value)[] _row = [];
    private int _count;
    private Dictionary<string, object?>? _table;

    /// <summary>How many loops this is inside of.</summary>
    public int LoopDepth { get; init; } = outer?.LoopDepth ?? 0;

    public object? Get(string name)
    {
        for (Scope? at = this; at is not null; at = at._outer)
            if (at.TryGet(name, out object? value)) return value;
        return new Undefined($"'{name}' is undefined");
    }

    public void Set(string name, object? value)
    {
        if (_table is not null)
        {
            _table[name] = value;
            return;
        }
        for (int i = 0; i < _count; i++)
            if (_row[i].Name == name)
            {
                _row[i].Value = value;
                return;
            }
        if (_count == RowLength)
        {
            _table = new Dictionary<string, object?>(_row.Select(e => KeyValuePair.Create(e.Name, e.Value)), StringComparer.Ordinal) { [name] = value };
            return;
        }
        if (_count == _row.Length) Array.Resize(ref _row, _count == 0 ? 2 : RowLength);
        _row[_count++] = (name, value);
    }

    private bool TryGet(string name, out object? value)
    {
        if (_table is not null) return _table.TryGetValue(name, out value);
        for (int i = 0; i < _count; i++)
            if (_row[i].Name == name)
            {
                value = _row[i].Value;
                return true;
            }
        value = null;
        return false;
    }
}
