namespace Evolute.Text.Splitting;

/// <summary>Where a space that the text does not have is put before it.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece.</summary>
    Always,

    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>Before the piece at the beginning of the text.</summary>
    First,
}

/// <summary>SentencePiece's way with spaces: each becomes a visible character, which begins the word after it.</summary>
internal sealed class MetaspaceSplitter(char replacement, PrependScheme scheme, bool split) : TextSplitter
{
    public override void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces)
    {
        if (piece.IsEmpty) return;
        string text = piece.ToString().Replace(' ', replacement);
        bool prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && first);
        if (prepends && text[0] != replacement) text = replacement + text;
        if (split) SplitBefore(replacement, text.AsMemory(), pieces);
        else pieces.Add(text.AsMemory());
    }

    private static void SplitBefore(char mark, ReadOnlyMemory<char> text, List<ReadOnlyMemory<char>> pieces)
    {
        ReadOnlySpan<char> span = text.Span;
        int at = 0;
        while (span[(at + 1)..].IndexOf(mark) is int found and >= 0)
        {
            pieces.Add(text.Slice(at, found + 1));
            at += found + 1;
        }
        pieces.Add(text[at..]);
    }
}

/// <summary>
/// Cuts before each run of a word mark. For a model none of whose merges crosses such a place this changes no id; it turns one
/// long row of symbols into words that are merged fast and remembered.
/// </summary>
internal sealed class WordStartSplitter(char mark) : TextSplitter
{
    public override void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces)
    {
        ReadOnlySpan<char> span = piece.Span;
        int start = 0;
        for (int at = 1; at < span.Length; at++)
        {
            if (span[at] != mark || span[at - 1] == mark) continue;
            pieces.Add(piece[start..at]);
            start = at;
        }
        if (start < span.Length) pieces.Add(piece[start..]);
    }
}
