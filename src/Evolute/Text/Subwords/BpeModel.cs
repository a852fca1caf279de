using System.Buffers;
using System.Text;

namespace Evolute.Text.Subwords;

/// <summary>How a byte-pair model treats what is special in it.</summary>
internal sealed record BpeOptions
{
    /// <summary>Pieces are written in the byte alphabet before they are looked up.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>A piece that is a token whole is that token, whatever its merges give.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>The ids of <c>&lt;0x00&gt;</c> and so on, which a character that is no token becomes; null where it does not.</summary>
    public IReadOnlyList<int>? ByteTokens { get; init; }

    /// <summary>The token of what cannot be written otherwise.</summary>
    public int? Unknown { get; init; }

    /// <summary>Unknown characters in a row are one unknown token.</summary>
    public bool FuseUnknown { get; init; }
}

/// <summary>Byte-pair encoding: a piece starts as one token a character, and pairs join by rank.</summary>
internal sealed class BpeModel : SubwordModel
{
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly PieceCache _cache = new();
    private readonly int[] _ofChar = new int[1 << 16];

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        (_vocabulary, _merges, _options) = (vocabulary, merges, options);
        Array.Fill(_ofChar, -1);
        for (int id = 0; id < vocabulary.Size; id++)
            if (vocabulary.TokenOf(id) is { Length: 1 } token && vocabulary.TryGetModelId(token, out _)) _ofChar[token[0]] = id;
    }

    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty) return;
        if (_cache.TryGet(piece, out int[] known))
        {
            ids.AddRange(known.AsSpan());
            return;
        }
        // At most three bytes of UTF-8 for one UTF-16 code unit, each at most one symbol.
        int most = checked(3 * piece.Length);
        int[] symbols = ArrayPool<int>.Shared.Rent(most);
        char[] alphabet = ArrayPool<char>.Shared.Rent(most);
        try
        {
            ReadOnlySpan<char> written = _options.ByteLevel ? WriteBytes(piece, alphabet) : piece;
            ReadOnlySpan<int> found = Find(written, symbols);
            _cache.Add(piece, found);
            ids.AddRange(found);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(symbols);
            ArrayPool<char>.Shared.Return(alphabet);
        }
    }

    private ReadOnlySpan<int> Find(ReadOnlySpan<char> written, int[] symbols)
    {
        if (_options.IgnoreMerges && _vocabulary.TryGetModelId(written, out int whole))
        {
            symbols[0] = whole;
            return symbols.AsSpan(0, 1);
        }
        int count = FirstSymbols(written, symbols);
        return symbols.AsSpan(0, PairMerger.Merge(_merges, symbols.AsSpan(0, count)));
    }

    private static ReadOnlySpan<char> WriteBytes(ReadOnlySpan<char> piece, char[] alphabet)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(alphabet.Length);
        int count = Encoding.UTF8.GetBytes(piece, bytes);
        for (int i = 0; i < count; i++) alphabet[i] = ByteAlphabet.CharOf(bytes[i]);
        ArrayPool<byte>.Shared.Return(bytes);
        return alphabet.AsSpan(0, count);
    }

    private int FirstSymbols(ReadOnlySpan<char> written, int[] symbols)
    {
        int count = 0;
        bool afterUnknown = false;
        for (int at = 0, length; at < written.Length; at += length)
        {
            length = char.IsHighSurrogate(written[at]) && at + 1 < written.Length && char.IsLowSurrogate(written[at + 1]) ? 2 : 1;
            int id = length == 1 ? _ofChar[written[at]] : _vocabulary.TryGetModelId(written.Slice(at, 2), out int pair) ? pair : -1;
            if (id >= 0) symbols[count++] = id;
            else if (AddBytes(written.Slice(at, length), symbols, ref count)) { }
            else if (_options.Unknown is int unknown)
            {
                if (!afterUnknown || !_options.FuseUnknown) symbols[count++] = unknown;
                afterUnknown = true;
                continue;
            }
            afterUnknown = false;
        }
        return count;
    }

    private bool AddBytes(ReadOnlySpan<char> character, int[] symbols, ref int count)
    {
        if (_options.ByteTokens is not { } ofByte) return false;
        Span<byte> bytes = stackalloc byte[4];
        foreach (byte b in bytes[..Encoding.UTF8.GetBytes(character, bytes)]) symbols[count++] = ofByte[b];
        return true;
    }
}
