using System.Runtime.InteropServices;

namespace Evolute.Generation;

/// <summary>
/// The different answers to one prompt, those given last first. Threads read while others add: a reader may find an answer that is just being moved twice or not at all, which changes what is
/// drafted and nothing else.
/// </summary>
internal sealed class DraftStreams
{
    /// <summary>Most answers kept. Measured on a population's answers: 8 draft 2 % worse than 16, and more than 16 no better.</summary>
    public const int Most = 16;

    private readonly Lock _adding = new();
    private readonly int[][] _streams = new int[Most][];

    /// <summary>A hash of each answer's tokens, so that a known one is found without a look at all of them.</summary>
    private readonly int[] _hashes = new int[Most];
    private int _count;

    /// <summary>The answers' tokens.</summary>
    public ReadOnlySpan<int[]> All => _streams.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>Puts an answer first; returns the number of tokens that were not known.</summary>
    public int Add(int[] tokens)
    {
        HashCode code = new();
        code.AddBytes(MemoryMarshal.AsBytes(tokens.AsSpan()));
        int hash = code.ToHashCode();
        lock (_adding)
        {
            int place = 0;
            while (place < _count && !(_hashes[place] == hash && _streams[place].AsSpan().SequenceEqual(tokens))) place++;
            bool known = place < _count;
            if (known) tokens = _streams[place];
            place = Math.Min(place, Most - 1);
            bool grows = place == _count;
            for (int i = place; i > 0; i--) (_streams[i], _hashes[i]) = (_streams[i - 1], _hashes[i - 1]);
            (_streams[0], _hashes[0]) = (tokens, hash);
            if (grows) Volatile.Write(ref _count, _count + 1);
            return known ? 0 : tokens.Length;
        }
    }
}
