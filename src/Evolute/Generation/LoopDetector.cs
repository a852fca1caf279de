namespace Evolute.Generation;

/// <summary>
/// Notices that a sequence repeats itself. For every cycle length it counts for how many tokens in a row each has been the one a cycle before it, so a
/// token costs one comparison a length, however long the sequence is.
/// </summary>
/// <param name="repeats">How often a cycle stands at the end, one after the other, at least 2.</param>
internal sealed class LoopDetector(int repeats)
{
    /// <summary>The longest cycle that is noticed, in tokens.</summary>
    public const int LongestCycle = 64;

    private readonly int[] _equal = new int[LongestCycle];

    /// <summary>Before a new sequence.</summary>
    public void Reset() => Array.Clear(_equal);

    /// <summary>Takes the last of the tokens so far; returns whether they end in so many repeats of one cycle.</summary>
    public bool Ends(ReadOnlySpan<int> tokens)
    {
        int token = tokens[^1];
        bool ends = false;
        ReadOnlySpan<int> before = tokens[..^1];
        for (int cycle = 1; cycle <= Math.Min(before.Length, LongestCycle); cycle++)
        {
            int equal = before[^cycle] == token ? _equal[cycle - 1] + 1 : 0;
            _equal[cycle - 1] = equal;
            // The first time a cycle stands there it equals nothing yet.
            ends |= equal >= (long)(repeats - 1) * cycle;
        }
        return ends;
    }
}
