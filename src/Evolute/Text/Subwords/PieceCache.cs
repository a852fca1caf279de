using System.Collections.Concurrent;

namespace Evolute.Text.Subwords;

/// <summary>Remembers the ids of short pieces: nearly every word of a text was met before.</summary>
internal sealed class PieceCache
{
    private const int MaxPieces = 1 << 16, MaxLength = 64;
    private readonly ConcurrentDictionary<string, int[]> _pieces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _count;

    public PieceCache() => _lookup = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryGet(ReadOnlySpan<char> piece, out int[] ids)
    {
        ids = [];
        return piece.Length <= MaxLength && _lookup.TryGetValue(piece, out ids!);
    }

    /// <summary>Keeps the ids, until the cache is full: what comes first is most often what is common.</summary>
    public void Add(ReadOnlySpan<char> piece, ReadOnlySpan<int> ids)
    {
        if (piece.Length > MaxLength || Volatile.Read(ref _count) >= MaxPieces) return;
        if (_lookup.TryAdd(piece, ids.ToArray())) Interlocked.Increment(ref _count);
    }
}
