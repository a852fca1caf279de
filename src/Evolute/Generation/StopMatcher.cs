namespace Evolute.Generation;

/// <summary>
/// Finds texts in a text that comes bit by bit and looks at every character once (Knuth, Morris and Pratt): of each it knows how much of it the
/// text so far ends with.
/// </summary>
internal sealed class StopMatcher
{
    private readonly string[] _stops;
    private readonly int[][] _fallbacks;
    private readonly int[] _matched;

    public StopMatcher(IEnumerable<string> stops)
    {
        _stops = [.. stops];
        _fallbacks = [.. _stops.Select(Fallbacks)];
        _matched = new int[_stops.Length];
    }

    /// <summary>Before a new text.</summary>
    public void Reset() => Array.Clear(_matched);

    /// <summary>Goes on with the text; returns how many of the characters there are up to the end of the first stop text, or −1. After a hit comes <see cref="Reset"/>.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        int first = int.MaxValue;
        for (int s = 0; s < _stops.Length; s++)
        {
            string stop = _stops[s];
            int[] fallbacks = _fallbacks[s];
            int matched = _matched[s], end = Math.Min(text.Length, first);
            for (int i = 0; i < end; i++)
            {
                while (matched > 0 && stop[matched] != text[i]) matched = fallbacks[matched - 1];
                if (stop[matched] == text[i]) matched++;
                if (matched < stop.Length) continue;
                first = i + 1;
                break;
            }
            _matched[s] = matched;
        }
        return first == int.MaxValue ? -1 : first;
    }

    /// <summary>Of each beginning of a text, how long the longest shorter one is that it ends with.</summary>
    private static int[] Fallbacks(string text)
    {
        int[] fallbacks = new int[text.Length];
        for (int i = 1, matched = 0; i < text.Length; i++)
        {
            while (matched > 0 && text[matched] != text[i]) matched = fallbacks[matched - 1];
            if (text[matched] == text[i]) matched++;
            fallbacks[i] = matched;
        }
        return fallbacks;
    }
}
