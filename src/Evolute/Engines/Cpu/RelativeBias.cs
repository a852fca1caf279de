using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// What a side's attention adds to its scores: for each head one row over all offsets of key less query, so that the biases of a query to neighbouring
/// keys are neighbours too.
/// </summary>
internal sealed unsafe class RelativeBias : IDisposable
{
    private readonly WorkingVector _weights;
    private readonly int _heads, _before;
    private readonly int[] _buckets;
    private readonly NativeBuffer _values;
    private int _version;

    /// <summary>Rows for sequences of up to <paramref name="positions"/> tokens; nothing is in them yet.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="weights">Biases [buckets, heads].</param>
    /// <param name="positions">Tokens of the longest sequence, at least 1.</param>
    /// <param name="bothSides">Whether tokens see those after them.</param>
    public RelativeBias(ModelSpec spec, WorkingVector weights, int positions, bool bothSides)
    {
        EncoderDecoderSpec sides = spec.EncoderDecoder!;
        (_weights, _heads, _before) = (weights, spec.HeadCount, positions - 1);
        _buckets = new int[bothSides ? 2 * positions - 1 : positions];
        for (int i = 0; i < _buckets.Length; i++)
            _buckets[i] = RelativeBuckets.Of(i - _before, sides.RelativeBuckets, sides.RelativeMaxDistance, bothSides);
        _values = new NativeBuffer((long)_heads * _buckets.Length);
    }

    /// <summary>The bias of a head at offset 0; those before and after it stand before and after it.</summary>
    public float* Of(int head) => _values.Data + (long)head * _buckets.Length + _before;

    /// <summary>Takes over the working weights where they were written since the last time.</summary>
    public void Update(int version)
    {
        if (_version == version) return;
        _version = version;
        for (int head = 0; head < _heads; head++)
        {
            float* row = _values.Data + (long)head * _buckets.Length;
            for (int i = 0; i < _buckets.Length; i++) row[i] = _weights.Of(0)[(long)_buckets[i] * _heads + head];
        }
    }

    public void Dispose() => _values.Dispose();
}
