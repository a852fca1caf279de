using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>
/// Which problems an iteration uses: the pool again and again, in a new order each time round, cut into batches. A pure function of seed and
/// iteration, so that a resumed run goes on with the same prompts.
/// </summary>
internal sealed class PromptSchedule(IReadOnlyList<EncodedProblem> pool, int batch, ulong seed)
{
    private readonly int[] _order = new int[pool.Count];
    private long _round = -1;

    /// <summary>The problems of an iteration, counted from 1.</summary>
    public EncodedProblem[] Of(int iteration)
    {
        var problems = new EncodedProblem[batch];
        for (int i = 0; i < batch; i++)
        {
            long place = (long)(iteration - 1) * batch + i;
            Shuffle(place / pool.Count);
            problems[i] = pool[_order[place % pool.Count]];
        }
        return problems;
    }

    /// <summary>The order of one time round (Fisher and Yates; 64-bit draws scaled to the range).</summary>
    private void Shuffle(long round)
    {
        if (round == _round) return;
        _round = round;
        NoiseKey key = NoiseKey.Of(seed, checked((uint)round), 0, NoiseDomain.PromptOrder);
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        for (int i = _order.Length - 1; i > 0; i--)
        {
            var (w0, w1, _, _) = key.Words((ulong)i, 0);
            int j = (int)Math.BigMul((ulong)w1 << 32 | w0, (ulong)i + 1, out _);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }
}
