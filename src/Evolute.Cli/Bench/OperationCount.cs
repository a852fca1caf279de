using Evolute.Engines;
using Evolute.Engines.Cpu;
using Evolute.Models;

namespace Evolute.Cli.Bench;

/// <summary>Work that was done: float32 operations, bytes that had to be read or written at least, and tokens.</summary>
/// <param name="Operations">A multiply-add counts two.</param>
/// <param name="Bytes">Of weights and of keys and values.</param>
/// <param name="Tokens">Rows: tokens that went through the layers.</param>
/// <param name="LargestStep">Bytes of the largest step.</param>
internal readonly record struct OperationCount(long Operations, long Bytes, long Tokens, long LargestStep)
{
    public static OperationCount operator +(OperationCount a, OperationCount b) =>
        new(a.Operations + b.Operations, a.Bytes + b.Bytes, a.Tokens + b.Tokens, Math.Max(a.LargestStep, b.LargestStep));
}

/// <summary>
/// Counts what a step of a decoder-only model does. The one place of the formulas:
/// <code>
/// operations = rows · 2·(elements of the layers' matrices)          router and active experts where layers are routed
///            + rows that ask for an output · 2·V·H                  the head
///            + Σ over rows and layers 4·D·heads·context             scores and sums of values; context = position + 1, or the window
/// bytes      = size·(elements of the layers' matrices)              once a step; size is 4, or 2 for bfloat16; of experts as many as the rows may use
///            + size·V·H if any row asks for an output
///            + Σ over sequences and layers 2·4·D·kv heads·context   keys and values, once a sequence and step
/// </code>
/// Norms, rotation, softmax, activations and the choice of tokens are not counted: a share of the limit says how much of it the products get.
/// </summary>
internal sealed class StepOperations
{
    private readonly ModelSpec _spec;
    private readonly long _denseElements, _routerElements, _expertElements, _headElements;
    private readonly int _weightSize, _slidingLayers;

    /// <summary>Counts for a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="packed">What its matrices are held in.</param>
    public StepOperations(ModelSpec spec, PackedType packed = PackedType.Float32)
    {
        _spec = spec;
        _weightSize = PackedMatrix.SizeOf(packed);
        long hidden = spec.HiddenSize, queries = (long)spec.HeadCount * spec.HeadSize, keys = (long)spec.KeyValueHeadCount * spec.HeadSize;
        int routed = spec.Layers.Count(l => l.Routed);
        _slidingLayers = spec.Layers.Count(l => l.Slides);
        _denseElements = spec.LayerCount * hidden * (2 * queries + 2 * keys) + (spec.LayerCount - routed) * 3 * hidden * spec.IntermediateSize;
        _routerElements = routed * hidden * (spec.Experts?.Count ?? 0);
        _expertElements = routed * 3 * hidden * (spec.Experts?.IntermediateSize ?? 0);
        _headElements = hidden * spec.VocabularySize;
    }

    /// <summary>What the step does.</summary>
    public OperationCount Of(StepBatch batch)
    {
        int rows = batch.Count, outputs = 0, full = _spec.LayerCount - _slidingLayers;
        long active = _spec.Experts?.Active ?? 0, context = 0, stored = 0;
        for (int row = 0; row < rows; row++)
        {
            if (batch.Outputs[row] != RowOutput.None) outputs++;
            long seen = batch.Positions[row] + 1, inWindow = Math.Min(seen, _spec.SlidingWindow);
            context += full * seen + _slidingLayers * inWindow;
            // Rows of a sequence stand together; its last one has seen the most.
            if (row + 1 == rows || batch.Slots[row + 1] != batch.Slots[row]) stored += full * seen + _slidingLayers * inWindow;
        }
        long perRow = _denseElements + _routerElements + active * _expertElements;
        long operations = 2 * rows * perRow + 2 * outputs * _headElements + 4L * _spec.HeadSize * _spec.HeadCount * context;
        long experts = Math.Min(_spec.Experts?.Count ?? 0, rows * active);
        long elements = _denseElements + _routerElements + experts * _expertElements + (outputs > 0 ? _headElements : 0);
        long bytes = _weightSize * elements + 2L * sizeof(float) * _spec.HeadSize * _spec.KeyValueHeadCount * stored;
        return new(operations, bytes, rows, bytes);
    }
}
