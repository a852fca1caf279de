using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The decoder's forward pass over one step's rows: it reads the spec, the working weights and the cache. Every part is one run of the team over
/// columns, rows or sequences; nothing is allocated once the buffers stand.
/// </summary>
internal sealed unsafe class Forward : IDisposable
{
    private const int RowShare = 8;
    private const int MaxLogitRows = 64;

    private readonly ModelSpec _spec;
    private readonly CpuKernels _kernels;
    private readonly ThreadTeam _team;
    private readonly WorkingWeights _weights;
    private readonly RopeTable _rope;
    private readonly KeyValueCache _cache;
    private readonly Product _product;
    private readonly SequenceRuns _runs;
    private readonly RowBuffer _residual, _normed, _qkv, _attended, _projected, _gateUp, _activated, _logits;
    private readonly NativeBuffer[] _attentionScratch;
    private readonly TokenChoice[] _choices;
    private readonly Action<int> _embedRows, _normRows, _rotateRows, _attendRuns, _activateRows, _normOutputs, _chooseRows;
    private readonly int _logitRows;
    private StepBatch _batch = new(0);
    private WorkingLayer _layer;
    private WorkingVector _norm;
    private int _layerIndex, _firstOutput, _outputs;

    public Forward(ModelSpec spec, CpuKernels kernels, ThreadTeam team, WorkingWeights weights, RopeTable rope, int slots, int positions, int rows)
    {
        (_spec, _kernels, _team, _weights, _rope) = (spec, kernels, team, weights, rope);
        _layer = weights.Layers[0];
        _norm = weights.FinalNorm;
        _cache = new KeyValueCache(spec, slots, positions);
        _product = new Product(kernels, team);
        _runs = new SequenceRuns(rows);
        _logitRows = Math.Min(rows, MaxLogitRows);
        _residual = new RowBuffer(rows, spec.HiddenSize);
        _normed = new RowBuffer(rows, spec.HiddenSize);
        _qkv = new RowBuffer(rows, _layer.Qkv.Columns);
        _attended = new RowBuffer(rows, spec.HeadCount * spec.HeadSize);
        _projected = new RowBuffer(rows, spec.HiddenSize);
        _gateUp = new RowBuffer(rows, _layer.GateUp.Columns);
        _activated = new RowBuffer(rows, spec.IntermediateSize);
        _logits = new RowBuffer(_logitRows, spec.VocabularySize);
        _attentionScratch = [.. Enumerable.Range(0, team.Size).Select(_ => new NativeBuffer(kernels.AttentionScratch(_cache.Capacity, spec.HeadSize)))];
        _choices = [.. Enumerable.Range(0, team.Size).Select(_ => new TokenChoice(kernels, spec.VocabularySize))];
        (_embedRows, _normRows, _rotateRows, _attendRuns, _activateRows, _normOutputs, _chooseRows) =
            (EmbedRows, NormRows, RotateRows, AttendRuns, ActivateRows, NormOutputs, ChooseRows);
    }

    public int Rows => _runs.Capacity;

    public void Step(StepBatch batch)
    {
        _batch = batch;
        int rows = batch.Count;
        _runs.Find(batch);
        _team.Run(_embedRows);
        for (_layerIndex = 0; _layerIndex < _spec.LayerCount; _layerIndex++)
        {
            _layer = _weights.Layers[_layerIndex];
            _norm = _layer.InputNorm;
            _team.Run(_normRows);
            _product.Run(_normed, _layer.Qkv, _qkv, rows, _layer.QkvBias);
            _team.Run(_rotateRows);
            _team.Run(_attendRuns);
            _product.Run(_attended, _layer.Output, _projected, rows, _layer.OutputBias, _residual);
            _norm = _layer.PostAttentionNorm;
            _team.Run(_normRows);
            _product.Run(_normed, _layer.GateUp, _gateUp, rows, _layer.GateUpBias);
            _team.Run(_activateRows);
            _product.Run(_activated, _layer.Down, _projected, rows, _layer.DownBias, _residual);
        }
        for (_firstOutput = 0; _firstOutput < _runs.OutputCount; _firstOutput += _logitRows)
        {
            _outputs = Math.Min(_logitRows, _runs.OutputCount - _firstOutput);
            _team.Run(_normOutputs);
            _product.Run(_normed, _weights.Head, _logits, _outputs);
            KeepLogits();
            _team.Run(_chooseRows);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        foreach (RowBuffer buffer in (RowBuffer[])[_residual, _normed, _qkv, _attended, _projected, _gateUp, _activated, _logits]) buffer.Dispose();
        foreach (NativeBuffer buffer in _attentionScratch) buffer.Dispose();
        foreach (TokenChoice choice in _choices) choice.Dispose();
    }

    private void EmbedRows(int member)
    {
        for (int first = _team.Take(RowShare); first < _batch.Count; first = _team.Take(RowShare))
            for (int row = first; row < Math.Min(first + RowShare, _batch.Count); row++)
                _weights.Embed(_batch.Tokens[row], _residual.Row(row));
    }

    private void NormRows(int member)
    {
        for (int first = _team.Take(RowShare); first < _batch.Count; first = _team.Take(RowShare))
            for (int row = first; row < Math.Min(first + RowShare, _batch.Count); row++)
                _kernels.RmsNorm(_residual.Row(row), _norm.Data, _spec.NormEpsilon, _normed.Row(row), _spec.HiddenSize);
    }

    /// <summary>Rotates queries and keys in place and puts keys and values into the cache.</summary>
    private void RotateRows(int member)
    {
        int d = _spec.HeadSize, keys = _layer.Qkv.ColumnOf(1), values = _layer.Qkv.ColumnOf(2);
        for (int first = _team.Take(RowShare); first < _batch.Count; first = _team.Take(RowShare))
            for (int row = first; row < Math.Min(first + RowShare, _batch.Count); row++)
            {
                int position = _batch.Positions[row];
                float* qkv = _qkv.Row(row), cos = _rope.Cos(position), sin = _rope.Sin(position);
                for (int head = 0; head < _spec.HeadCount; head++) _kernels.Rotate(qkv + head * d, cos, sin, d / 2);
                for (int head = 0; head < _spec.KeyValueHeadCount; head++)
                {
                    _kernels.Rotate(qkv + keys + head * d, cos, sin, d / 2);
                    _cache.Write(_layerIndex, _batch.Slots[row], head, position, qkv + keys + head * d, qkv + values + head * d);
                }
            }
    }

    private void AttendRuns(int member)
    {
        int d = _spec.HeadSize, heads = _spec.KeyValueHeadCount, group = _spec.HeadCount / heads;
        for (int unit = _team.Take(1); unit < _runs.Count * heads; unit = _team.Take(1))
        {
            ref readonly SequenceRun run = ref _runs[unit / heads];
            int head = unit % heads;
            AttentionWork work = new()
            {
                Query = _qkv.Row(run.FirstRow) + head * group * d,
                QueryStride = _qkv.Stride,
                Output = _attended.Row(run.FirstRow) + head * group * d,
                OutputStride = _attended.Stride,
                Keys = _cache.Keys(_layerIndex, run.Slot, head),
                Values = _cache.Values(_layerIndex, run.Slot, head),
                Capacity = _cache.Capacity,
                HeadSize = d,
                Group = group,
                Tokens = run.Tokens,
                FirstPosition = run.FirstPosition,
                Scale = 1f / MathF.Sqrt(d),
                Scratch = _attentionScratch[member].Data,
            };
            _kernels.Attend(ref work);
        }
    }

    private void ActivateRows(int member)
    {
        int up = _layer.GateUp.ColumnOf(1), width = Panel.Padded(_spec.IntermediateSize);
        for (int first = _team.Take(RowShare); first < _batch.Count; first = _team.Take(RowShare))
            for (int row = first; row < Math.Min(first + RowShare, _batch.Count); row++)
                _kernels.SiluMultiply(_gateUp.Row(row), _gateUp.Row(row) + up, _activated.Row(row), width);
    }

    private void NormOutputs(int member)
    {
        for (int i = _team.Take(1); i < _outputs; i = _team.Take(1))
            _kernels.RmsNorm(_residual.Row(_runs.OutputRow(_firstOutput + i)), _weights.FinalNorm.Data, _spec.NormEpsilon, _normed.Row(i), _spec.HiddenSize);
    }

    private void KeepLogits()
    {
        for (int i = 0; i < _outputs; i++)
            if (_batch.Outputs[_runs.OutputRow(_firstOutput + i)] == RowOutput.Logits)
                _batch.Logits.Add(new ReadOnlySpan<float>(_logits.Row(i), _spec.VocabularySize).ToArray());
    }

    private void ChooseRows(int member)
    {
        for (int i = _team.Take(1); i < _outputs; i = _team.Take(1))
        {
            int row = _runs.OutputRow(_firstOutput + i);
            if (_batch.Outputs[row] == RowOutput.Token)
                _batch.Results[row] = _choices[member].Choose(_logits.Row(i), _batch.Sampling, _batch.Draws[row]);
            else if (_batch.Outputs[row] == RowOutput.LogProbability)
                _batch.LogProbabilities[row] = _choices[member].LogProbability(_logits.Row(i), _batch.Targets[row]);
        }
    }
}
