using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>The attentions of a model with an encoder and a decoder: of each side to itself, and of the decoder to what the encoder made.</summary>
internal sealed unsafe class EncoderDecoderAttention : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly StepRows _step;
    private readonly int[] _inputLengths;
    private readonly RowBuffer _projected, _attended;
    private readonly NativeBuffer[] _scratch;
    private readonly Action<int> _storeRows, _attendRuns;
    private KeyValueCache _cache;
    private RelativeBias? _bias;
    private int _layer, _keys, _values;
    private bool _bothSides;

    /// <summary>The attentions.</summary>
    /// <param name="step">The rows.</param>
    /// <param name="weights">The working weights.</param>
    /// <param name="cross">Keys and values of what the encoder made.</param>
    /// <param name="inputLengths">How many there are for each slot.</param>
    /// <param name="capacity">Positions of the larger cache.</param>
    public EncoderDecoderAttention(StepRows step, EncoderDecoderWeights weights, KeyValueCache cross, int[] inputLengths, int capacity)
    {
        (_spec, _step, _cache, _inputLengths) = (step.Spec, step, cross, inputLengths);
        _projected = new RowBuffer(step.Capacity, weights.Decoder.Layers[0].Self.Qkv.Columns);
        _attended = new RowBuffer(step.Capacity, _spec.HeadCount * _spec.HeadSize);
        _scratch = [.. Enumerable.Range(0, step.Team.Size).Select(_ => new NativeBuffer(step.Kernels.AttentionScratch(capacity, _spec.HeadSize)))];
        (_storeRows, _attendRuns) = (StoreRows, AttendRuns);
    }

    /// <summary>Adds a side's attention to itself to the residual.</summary>
    /// <param name="layer">The layer of the cache.</param>
    /// <param name="weights">The layer's weights.</param>
    /// <param name="cache">Where keys and values of the rows go, and those before them are.</param>
    /// <param name="bias">The side's biases.</param>
    /// <param name="bothSides">Whether rows see those after them; then a sequence's rows are all of it.</param>
    public void ToItself(int layer, SelfAttentionWeights weights, KeyValueCache cache, RelativeBias bias, bool bothSides)
    {
        _step.Norm(weights.Norm);
        _step.Product.Run(_step.Normed, weights.Qkv, _projected, _step.Count, _step.Members);
        (_layer, _cache, _bias, _bothSides, _keys, _values) = (layer, cache, bias, bothSides, weights.Qkv.ColumnOf(1), weights.Qkv.ColumnOf(2));
        _step.Team.Run(_storeRows);
        _step.Team.Run(_attendRuns);
        _step.AddProduct(_attended, weights.Output, null, null);
    }

    /// <summary>Adds the decoder's attention to what the encoder made of the slot's input to the residual.</summary>
    public void ToInput(int layer, CrossAttentionWeights weights, KeyValueCache cache)
    {
        _step.Norm(weights.Norm);
        _step.Product.Run(_step.Normed, weights.Queries, _projected, _step.Count, _step.Members);
        (_layer, _cache, _bias) = (layer, cache, null);
        _step.Team.Run(_attendRuns);
        _step.AddProduct(_attended, weights.Output, null, null);
    }

    /// <summary>Keeps a decoder layer's keys and values of what the encoder made, which the rows' norms hold.</summary>
    public void StoreInput(int layer, CrossAttentionWeights weights, KeyValueCache cache)
    {
        _step.Product.Run(_step.Normed, weights.KeysValues, _projected, _step.Count, _step.Members);
        (_layer, _cache, _keys, _values) = (layer, cache, 0, weights.KeysValues.ColumnOf(1));
        _step.Team.Run(_storeRows);
    }

    public void Dispose()
    {
        _projected.Dispose();
        _attended.Dispose();
        foreach (NativeBuffer buffer in _scratch) buffer.Dispose();
    }

    private void StoreRows(int member)
    {
        StepBatch batch = _step.Batch;
        for (int first = _step.Team.Take(StepRows.Share); first < batch.Count; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, batch.Count); row++)
                for (int head = 0; head < _spec.HeadCount; head++)
                {
                    float* projected = _projected.Row(row) + head * _spec.HeadSize;
                    _cache.Write(_layer, batch.Slots[row], head, batch.Positions[row], projected + _keys, projected + _values);
                }
    }

    private void AttendRuns(int member)
    {
        int d = _spec.HeadSize, heads = _spec.HeadCount;
        for (int unit = _step.Team.Take(1); unit < _step.Runs.Count * heads; unit = _step.Team.Take(1))
        {
            ref readonly SequenceRun run = ref _step.Runs[unit / heads];
            int head = unit % heads;
            AttentionWork work = new()
            {
                Query = _projected.Row(run.FirstRow) + head * d,
                QueryStride = _projected.Stride,
                Output = _attended.Row(run.FirstRow) + head * d,
                OutputStride = _attended.Stride,
                Keys = _cache.Keys(_layer, run.Slot, head),
                Values = _cache.Values(_layer, run.Slot, head),
                Capacity = _cache.Capacity,
                HeadSize = d,
                Group = 1,
                Tokens = run.Tokens,
                FirstPosition = run.FirstPosition,
                Seen = _bias is null ? _inputLengths[run.Slot] : _bothSides ? run.Tokens : 0,
                Bias = _bias is null ? null : _bias.Of(head),
                Scale = _spec.AttentionScale,
                Scratch = _scratch[member].Data,
            };
            _step.Kernels.Attend(ref work);
        }
    }
}
