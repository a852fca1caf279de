using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Evolute.Generation;

/// <summary>
/// Answers so far, by prompt, that further answers to the same prompt are drafted from: those of other members of a population, of earlier iterations and of earlier evaluations.
/// Any thread may read and add. Prompts that nobody asked for a long time are forgotten.
/// </summary>
internal sealed class DraftStore
{
    /// <summary>New tokens after which prompts that were not asked since are forgotten: some 8 MB of answers, and as much of the time before.</summary>
    private const long MostTokens = 1 << 21;

    private readonly Lock _turning = new();
    private ConcurrentDictionary<int[], DraftStreams> _recent = new(Prompts.Comparer), _older = new(Prompts.Comparer);
    private long _tokens;

    /// <summary>The answers to a prompt.</summary>
    public DraftStreams Of(int[] prompt)
    {
        ConcurrentDictionary<int[], DraftStreams> recent = Volatile.Read(ref _recent);
        if (recent.TryGetValue(prompt, out DraftStreams? streams)) return streams;
        return recent.GetOrAdd(prompt, Volatile.Read(ref _older).TryGetValue(prompt, out streams) ? streams : new());
    }

    /// <summary>Takes note of an answer, which must not be changed from now on.</summary>
    public void Add(DraftStreams streams, int[] tokens)
    {
        int fresh = streams.Add(tokens);
        if (fresh == 0 || Interlocked.Add(ref _tokens, fresh) < MostTokens) return;
        lock (_turning)
        {
            if (Interlocked.Read(ref _tokens) < MostTokens) return;
            Volatile.Write(ref _older, _recent);
            Volatile.Write(ref _recent, new(Prompts.Comparer));
            Interlocked.Exchange(ref _tokens, 0);
        }
    }

    /// <summary>Prompts are equal when their tokens are.</summary>
    private sealed class Prompts : IEqualityComparer<int[]>
    {
        public static readonly Prompts Comparer = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] tokens)
        {
            HashCode hash = new();
            hash.AddBytes(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
