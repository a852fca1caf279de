namespace Evolute.Text.Subwords;

/// <summary>Tokens by their characters, to find all that start at one place.</summary>
internal sealed class TokenTrie
{
    public const int Root = 0;
    private readonly Dictionary<ulong, int> _next = [];
    private readonly List<int> _ids = [-1];

    public void Add(string token, int id)
    {
        int node = Root;
        foreach (char c in token)
        {
            if (!_next.TryGetValue(Key(node, c), out int child))
            {
                child = _ids.Count;
                _ids.Add(-1);
                _next.Add(Key(node, c), child);
            }
            node = child;
        }
        _ids[node] = id;
    }

    /// <summary>Goes on by one character; false where no token does.</summary>
    public bool TryStep(ref int node, char c) => _next.TryGetValue(Key(node, c), out node);

    /// <summary>The token that ends at a node, or -1.</summary>
    public int IdAt(int node) => _ids[node];

    private static ulong Key(int node, char c) => (ulong)(uint)node << 16 | c;
}
