namespace Evolute.Text;

/// <summary>Tokens by id and ids by token, the added ones included.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private string?[] _tokens;

    public Vocabulary(int capacity)
    {
        _ids = new Dictionary<string, int>(capacity, StringComparer.Ordinal);
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[capacity];
    }

    /// <summary>The highest id plus one.</summary>
    public int Size { get; private set; }

    /// <summary>Adds a token; false where the id or the text is taken by another.</summary>
    public bool TryAdd(string token, int id)
    {
        if (_ids.TryGetValue(token, out int known)) return known == id;
        if (TokenOf(id) is not null) return false;
        if (id >= _tokens.Length) Array.Resize(ref _tokens, Math.Max(id + 1, _tokens.Length + _tokens.Length / 4));
        _ids.Add(token, id);
        _tokens[id] = token;
        Size = Math.Max(Size, id + 1);
        return true;
    }

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    public string? TokenOf(int id) => (uint)id < (uint)Size ? _tokens[id] : null;
}
