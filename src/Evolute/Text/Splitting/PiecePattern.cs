namespace Evolute.Text.Splitting;

/// <summary>Finds, one after another, the matches of a pre-tokenizer's pattern.</summary>
internal abstract class PiecePattern
{
    /// <summary>The text as the pattern wants to see it, of the same length.</summary>
    public virtual ReadOnlySpan<char> View(ReadOnlySpan<char> text) => text;

    /// <summary>The next match at or after <paramref name="from"/>; false where there is none.</summary>
    public abstract bool Next(ReadOnlySpan<char> text, int from, out int start, out int end);
}

/// <summary>A pattern that is one literal text.</summary>
internal sealed class LiteralPattern(string literal) : PiecePattern
{
    public override bool Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        int found = text[from..].IndexOf(literal, StringComparison.Ordinal);
        start = from + found;
        end = start + literal.Length;
        return found >= 0;
    }
}

/// <summary>Runs of numeric characters, or each alone.</summary>
internal sealed class DigitsPattern(bool individual) : PiecePattern
{
    public override bool Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length;)
        {
            end = CharClasses.EndOfRun(text, start, CharClass.Number, individual ? 1 : int.MaxValue);
            if (end > start) return true;
            CharClasses.At(text, start, out int length);
            start += length;
        }
        end = start;
        return false;
    }
}
