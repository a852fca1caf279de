using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The forward pass of a model with an encoder and a decoder. A step's inputs go through the encoder first, whole sequences together; of what it makes only the
/// keys and values of the decoder's layers stay. Then the decoder runs the rows.
/// </summary>
internal sealed unsafe class EncoderDecoderForward : ForwardPass
{
    private readonly ModelSpec _spec;
    private readonly EncoderDecoderWeights _weights;
    private readonly StepRows _step;
    private readonly StepBatch _inputRows;
    private readonly int[] _inputLengths;
    private readonly KeyValueCache _self, _cross;
    private readonly RelativeBias _encoderBias, _decoderBias;
    private readonly EncoderDecoderAttention _attention;
    private readonly FeedForwardPart _feedForward;
    private readonly OutputPart _output;
    private readonly int _inputs;

    public EncoderDecoderForward(ModelSpec spec, CpuKernels kernels, ThreadTeam team, EncoderDecoderWeights weights, int slots, int positions, int rows, int inputs)
    {
        (_spec, _weights, Rows, _inputs) = (spec, weights, rows, inputs);
        _step = new StepRows(spec, kernels, team, Math.Max(rows, inputs));
        _inputRows = new StepBatch(_step.Capacity);
        _inputLengths = new int[slots];
        _self = new KeyValueCache(spec, slots, positions);
        _cross = new KeyValueCache(spec, slots, inputs);
        _encoderBias = new RelativeBias(spec, weights.Encoder.RelativeBias, Math.Max(inputs, 1), bothSides: true);
        _decoderBias = new RelativeBias(spec, weights.Decoder.RelativeBias, Math.Max(positions, 1), bothSides: false);
        _attention = new EncoderDecoderAttention(_step, weights, _cross, _inputLengths, Math.Max(_self.Capacity, _cross.Capacity));
        _feedForward = new FeedForwardPart(_step, [.. weights.Encoder.Layers.Concat(weights.Decoder.Layers).Select(l => l.FeedForward)]);
        _output = new OutputPart(_step, weights.Decoder.FinalNorm, weights.Head, rows);
    }

    public override int Rows { get; }

    /// <summary>What the encoder made of a token, counted over the newest inputs that it read together.</summary>
    public ReadOnlySpan<float> Encoded(int row) => new(_step.Normed.Row(row), _spec.HiddenSize);

    public override void Step(StepBatch batch)
    {
        _encoderBias.Update(_weights.Version);
        _decoderBias.Update(_weights.Version);
        for (int next = 0; next < batch.Inputs.Count;) next = Encode(batch.Inputs, next);
        for (int row = 0; row < batch.Count; row++)
            if (_inputLengths[batch.Slots[row]] == 0) throw new InvalidOperationException($"Slot {batch.Slots[row]} has no input for the encoder yet.");
        if (batch.Count == 0) return;
        _step.Begin(batch);
        _step.Embed(_weights);
        for (int i = 0; i < _weights.Decoder.Layers.Count; i++)
        {
            EncoderDecoderLayer layer = _weights.Decoder.Layers[i];
            _attention.ToItself(i, layer.Self, _self, _decoderBias, bothSides: false);
            _attention.ToInput(i, layer.Cross!, _cross);
            _feedForward.Run(layer.FeedForwardNorm, layer.FeedForward);
        }
        _output.Run();
    }

    public override void Dispose()
    {
        _step.Dispose();
        _self.Dispose();
        _cross.Dispose();
        _encoderBias.Dispose();
        _decoderBias.Dispose();
        _attention.Dispose();
        _feedForward.Dispose();
        _output.Dispose();
    }

    /// <summary>Encodes as many inputs as there is room for, from <paramref name="next"/> on; returns the first that is left.</summary>
    private int Encode(List<EncoderInput> inputs, int next)
    {
        _inputRows.Clear();
        do
        {
            (int slot, int[] ids) = inputs[next];
            if (ids.Length == 0 || ids.Length > _inputs) throw new ArgumentException($"The input has {ids.Length} tokens, reserved were {_inputs}.", nameof(inputs));
            for (int position = 0; position < ids.Length; position++) _inputRows.Add(ids[position], slot, position);
            _inputLengths[slot] = ids.Length;
            next++;
        }
        while (next < inputs.Count && inputs[next].Ids.Length <= _inputRows.Capacity - _inputRows.Count);
        EncodeRows();
        return next;
    }

    private void EncodeRows()
    {
        _step.Begin(_inputRows);
        _step.Embed(_weights);
        foreach (EncoderDecoderLayer layer in _weights.Encoder.Layers)
        {
            // The encoder's own keys and values are done with after each layer: they rest where the decoder's first layer's will be.
            _attention.ToItself(0, layer.Self, _cross, _encoderBias, bothSides: true);
            _feedForward.Run(layer.FeedForwardNorm, layer.FeedForward);
        }
        _step.Norm(_weights.Encoder.FinalNorm);
        for (int i = 0; i < _weights.Decoder.Layers.Count; i++) _attention.StoreInput(i, _weights.Decoder.Layers[i].Cross!, _cross);
    }
}
