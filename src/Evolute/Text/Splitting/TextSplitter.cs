namespace Evolute.Text.Splitting;

/// <summary>
/// A step that cuts text into the pieces that tokens do not cross: a <c>pre_tokenizer</c> of tokenizer.json.
/// </summary>
internal abstract class TextSplitter
{
    /// <summary>Adds the pieces of <paramref name="piece"/> to <paramref name="pieces"/>.</summary>
    /// <param name="first">The piece starts at the beginning of the whole text.</param>
    public abstract void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces);
}

/// <summary>Several splitters, each cutting the pieces of the one before it.</summary>
internal sealed class SplitterSequence(IReadOnlyList<TextSplitter> steps) : TextSplitter
{
    public override void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces)
    {
        List<ReadOnlyMemory<char>> current = [piece];
        foreach (TextSplitter step in steps)
        {
            List<ReadOnlyMemory<char>> next = new(current.Count);
            for (int i = 0; i < current.Count; i++) step.Split(current[i], first && i == 0, next);
            current = next;
        }
        pieces.AddRange(current);
    }
}

/// <summary>The split of the byte-level alphabet: GPT-2's pattern, or none, with a space put first where asked.</summary>
internal sealed class ByteLevelSplitter(bool addPrefixSpace, PiecePattern? pattern) : TextSplitter
{
    public override void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces)
    {
        if (addPrefixSpace && !piece.Span.StartsWith(' ')) piece = $" {piece}".AsMemory();
        if (pattern is null) pieces.Add(piece);
        else PatternSplitter.Isolate(pattern, piece, pieces);
    }
}
