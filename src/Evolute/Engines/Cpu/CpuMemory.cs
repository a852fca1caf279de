using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>What a model needs in memory to run on the CPU engine, in bytes; known before its weights are read.</summary>
/// <param name="Masters">The float32 master weights.</param>
/// <param name="WorkingCopy">One member's packed weights.</param>
/// <param name="Seats">Members side by side, each with a working copy of its own.</param>
/// <param name="CachePerToken">Keys and values of one token of one sequence; with an encoder, of one of its input as much as of one of the answer.</param>
public sealed record CpuMemory(long Masters, long WorkingCopy, int Seats, long CachePerToken)
{
    /// <summary>Masters and all working copies; keys and values come on top.</summary>
    public long Weights => Masters + Seats * WorkingCopy;

    /// <summary>The most that a run needs: weights, keys and values, activations and logits of a step, and the runtime itself.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="sequences">Sequences in flight on a seat.</param>
    /// <param name="tokens">Tokens of a sequence, prompt and answer together.</param>
    /// <param name="rows">Rows of a step.</param>
    /// <param name="noise">What low-rank noise needs; null for other noise, which needs nothing.</param>
    public long Peak(ModelSpec spec, int sequences, int tokens, int rows, LowRankMemory? noise = null)
    {
        const long runtime = 112L << 20;
        Int128 width = 4L * spec.HiddenSize + 4L * spec.HeadCount * spec.HeadSize + 3L * spec.IntermediateSize;
        Int128 seat = sequences * (Int128)tokens * CachePerToken + (rows * width + (Int128)Math.Min(rows, OutputPart.MaxLogitRows) * spec.VocabularySize) * sizeof(float);
        return (long)Int128.Min((Int128)Weights + Seats * seat + runtime + (noise?.Bytes(Seats) ?? 0), long.MaxValue);
    }

    /// <summary>What <paramref name="spec"/> needs on so many threads.</summary>
    public static CpuMemory Of(ModelSpec spec, int threads, PackedType packedType = PackedType.Float32)
    {
        // Limits on each size in config.json do not keep the sum below 2⁶³.
        Int128 elements = 0;
        foreach (TensorSpec tensor in ModelTensors.Of(spec)) elements += tensor.Length;
        long packed = Cpu.WorkingCopy.PackedBytes(spec, packedType);
        return new CpuMemory(
            (long)Int128.Min(elements * sizeof(float), long.MaxValue), packed, CpuEngine.SeatsOf(packed, threads),
            2L * spec.LayerCount * spec.KeyValueHeadCount * spec.HeadSize * sizeof(float));
    }
}
