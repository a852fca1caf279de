namespace Evolute.Text.Splitting;

/// <summary>What becomes of a match and of the text between matches.</summary>
internal enum SplitBehavior
{
    /// <summary>Matches are dropped.</summary>
    Removed,

    /// <summary>Each match is a piece of its own.</summary>
    Isolated,

    /// <summary>A match joins the text before it.</summary>
    MergedWithPrevious,

    /// <summary>A match joins the text after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts text at the matches of a pattern.</summary>
internal sealed class PatternSplitter(PiecePattern pattern, SplitBehavior behavior, bool invert) : TextSplitter
{
    public override void Split(ReadOnlyMemory<char> piece, bool first, List<ReadOnlyMemory<char>> pieces)
    {
        if (behavior == SplitBehavior.Isolated) Isolate(pattern, piece, pieces);
        else Combine(Segments(piece.Span), piece, pieces);
    }

    /// <summary>Adds every match, and every text between matches, as a piece.</summary>
    public static void Isolate(PiecePattern pattern, ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> pieces)
    {
        int at = 0;
        foreach ((int start, int end) in Matches(pattern, piece.Span))
        {
            if (start > at) pieces.Add(piece[at..start]);
            pieces.Add(piece[start..end]);
            at = end;
        }
        if (at < piece.Length) pieces.Add(piece[at..]);
    }

    private static List<(int Start, int End)> Matches(PiecePattern pattern, ReadOnlySpan<char> text)
    {
        List<(int, int)> matches = new(text.Length / 4 + 2);
        pattern.FindAll(text, matches);
        return matches;
    }

    private List<(int Start, int End, bool Match)> Segments(ReadOnlySpan<char> text)
    {
        List<(int, int, bool)> segments = [];
        int at = 0;
        foreach ((int start, int end) in Matches(pattern, text))
        {
            if (start > at) segments.Add((at, start, invert));
            segments.Add((start, end, !invert));
            at = end;
        }
        if (at < text.Length) segments.Add((at, text.Length, invert));
        return segments;
    }

    private void Combine(List<(int Start, int End, bool Match)> segments, ReadOnlyMemory<char> piece, List<ReadOnlyMemory<char>> pieces)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            (int start, int end, bool match) = segments[i];
            if (match && behavior == SplitBehavior.Removed) continue;
            while (i + 1 < segments.Count && Joins(match, segments[i + 1].Match))
            {
                (_, end, match) = segments[++i];
                if (behavior != SplitBehavior.Contiguous) break;
            }
            pieces.Add(piece[start..end]);
        }
    }

    private bool Joins(bool match, bool nextMatch) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => !match && nextMatch,
        SplitBehavior.MergedWithNext => match && !nextMatch,
        SplitBehavior.Contiguous => match == nextMatch,
        _ => false,
    };
}
