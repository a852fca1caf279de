namespace Evolute.Text.Splitting;

/// <summary>Finds the matches of a pre-tokenizer's pattern.</summary>
internal abstract class PiecePattern
{
    /// <summary>Adds the matches that are not empty, in order, none overlapping another.</summary>
    public abstract void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches);
}

/// <summary>A pattern that is one literal text.</summary>
internal sealed class LiteralPattern(string literal) : PiecePattern
{
    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        for (int at = 0; text[at..].IndexOf(literal, StringComparison.Ordinal) is int found and >= 0; at += found + literal.Length)
            matches.Add((at + found, at + found + literal.Length));
    }
}

/// <summary>Runs of numeric characters, or each alone.</summary>
internal sealed class DigitsPattern(bool individual) : PiecePattern
{
    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = CharClasses.EndOfRun(text, at, CharClass.Number, individual ? 1 : int.MaxValue);
            if (end > at)
            {
                matches.Add((at, end));
                at = end;
            }
            else
            {
                CharClasses.At(text, at, out int length);
                at += length;
            }
        }
    }
}

/// <summary>Runs of white space.</summary>
internal sealed class WhiteSpacePattern : PiecePattern
{
    public override void FindAll(ReadOnlySpan<char> text, List<(int Start, int End)> matches)
    {
        for (int at = 0; at < text.Length; at++)
        {
            int end = CharClasses.EndOfRun(text, at, CharClass.Space);
            if (end == at) continue;
            matches.Add((at, end));
            at = end;
        }
    }
}
