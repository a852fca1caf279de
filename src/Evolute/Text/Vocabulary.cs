namespace Evolute.Text;

/// <summary>Tokens by id and ids by token, the added ones included.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _model;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);
    private string?[] _tokens;

    public Vocabulary(int capacity)
    {
        _model = new Dictionary<string, int>(capacity, StringComparer.Ordinal);
        _lookup = _model.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[capacity];
    }

    /// <summary>The highest id plus one.</summary>
    public int Size { get; private set; }

    /// <summary>Adds a token that the model makes; false where the id or the text is taken by another.</summary>
    public bool TryAddModel(string token, int id) => TryAdd(_model, token, id);

    /// <summary>Adds a token that is found in the text whole; it may be one of the model's.</summary>
    public bool TryAddAdded(string token, int id) => TryAdd(_added, token, id);

    public int? IdOf(string token) => _model.TryGetValue(token, out int id) || _added.TryGetValue(token, out id) ? id : null;

    /// <summary>The id of a token that the model makes.</summary>
    public bool TryGetModelId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    public string? TokenOf(int id) => (uint)id < (uint)Size ? _tokens[id] : null;

    private bool TryAdd(Dictionary<string, int> tokens, string token, int id)
    {
        if (IdOf(token) is int known) return known == id;
        if (TokenOf(id) is not null) return false;
        if (id >= _tokens.Length) Array.Resize(ref _tokens, Math.Max(id + 1, _tokens.Length + _tokens.Length / 4));
        tokens.Add(token, id);
        _tokens[id] = token;
        Size = Math.Max(Size, id + 1);
        return true;
    }
}
