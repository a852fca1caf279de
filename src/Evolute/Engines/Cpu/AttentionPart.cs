using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>The attention of a layer: queries, keys and values, their norms and turns, the cache, and what tokens take from those before them.</summary>
internal sealed unsafe class AttentionPart : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly StepRows _step;
    private readonly RopeTables _tables;
    private readonly RopeTable? _rowTable;
    private readonly KeyValueCache _cache;
    private readonly RowBuffer _qkv, _attended;
    private readonly NativeBuffer[] _scratch;
    private readonly Action<int> _turnRows, _sharePrefixes, _attendRuns;
    private WorkingLayer _layer;
    private LayerSpec _layerSpec;
    private int _layerIndex;

    public AttentionPart(StepRows step, WorkingWeights weights, RopeTables tables, int slots, int positions)
    {
        (_spec, _step, _tables) = (step.Spec, step, tables);
        _layer = weights.Layers[0];
        _layerSpec = _spec.Layers[0];
        _rowTable = _spec.Rope.DependsOnLength ? new RopeTable(_spec.Rope, _spec.HeadSize, step.Capacity) : null;
        _cache = new KeyValueCache(_spec, slots, positions);
        _qkv = new RowBuffer(step.Capacity, _layer.Qkv.Columns);
        _attended = new RowBuffer(step.Capacity, _spec.HeadCount * _spec.HeadSize);
        _scratch = [.. Enumerable.Range(0, step.Team.Size).Select(_ => new NativeBuffer(step.Kernels.AttentionScratch(_cache.Capacity, _spec.HeadSize)))];
        (_turnRows, _sharePrefixes, _attendRuns) = (TurnRows, SharePrefixes, AttendRuns);
    }

    /// <summary>Positions a slot has room for.</summary>
    public int Capacity => _cache.Capacity;

    /// <summary>Comes before the layers of a step.</summary>
    public void Begin() => _rowTable?.SetRows(_step.Runs);

    public void Run(int index, WorkingLayer layer)
    {
        (_layerIndex, _layer, _layerSpec) = (index, layer, _spec.Layers[index]);
        _step.Norm(layer.InputNorm);
        _step.Product.Run(_step.Normed, layer.Qkv, _qkv, _step.Count, _step.Members, layer.QkvBias);
        _step.Team.Run(_turnRows);
        if (_step.Batch.Shares.Count > 0) _step.Team.Run(_sharePrefixes);
        _step.Team.Run(_attendRuns);
        _step.AddProduct(_attended, layer.Output, layer.OutputBias, layer.NormAfterAttention);
    }

    public void Dispose()
    {
        _rowTable?.Dispose();
        _cache.Dispose();
        _qkv.Dispose();
        _attended.Dispose();
        foreach (NativeBuffer buffer in _scratch) buffer.Dispose();
    }

    /// <summary>Norms and turns queries and keys in place and puts keys and values into the cache.</summary>
    private void TurnRows(int member)
    {
        int d = _spec.HeadSize, keys = _layer.Qkv.ColumnOf(1), values = _layer.Qkv.ColumnOf(2);
        RopeTable? byPosition = _layerSpec.Slides && _tables.Sliding is { } sliding ? sliding : _tables.Main;
        RopeTable? table = _layerSpec.Rotates ? byPosition ?? _rowTable : null;
        StepBatch batch = _step.Batch;
        for (int first = _step.Team.Take(StepRows.Share); first < batch.Count; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, batch.Count); row++)
            {
                int of = batch.Members[row], position = batch.Positions[row], angles = byPosition is null ? row : position;
                float* qkv = _qkv.Row(row);
                for (int head = 0; head < _spec.HeadCount; head++) Turn(qkv + head * d, _layer.QueryNorm, of, table, angles);
                for (int head = 0; head < _spec.KeyValueHeadCount; head++)
                {
                    Turn(qkv + keys + head * d, _layer.KeyNorm, of, table, angles);
                    _cache.Write(_layerIndex, batch.Slots[row], head, position, qkv + keys + head * d, qkv + values + head * d);
                }
            }
    }

    private void Turn(float* head, WorkingVector? norm, int of, RopeTable? table, int angles)
    {
        if (norm is not null) _step.Kernels.RmsNorm(head, norm.Of(of), _spec.NormEpsilon, head, _spec.HeadSize);
        if (table is not null) _step.Kernels.Rotate(head, table.Cos(angles), table.Sin(angles), table.Pairs);
    }

    /// <summary>Copies the keys and values that sequences share; the shares of a head are one member's, since one may build on another.</summary>
    private void SharePrefixes(int member)
    {
        for (int head = _step.Team.Take(1); head < _spec.KeyValueHeadCount; head = _step.Team.Take(1))
            foreach (PrefixShare share in _step.Batch.Shares) _cache.Copy(_layerIndex, head, share);
    }

    private void AttendRuns(int member)
    {
        int d = _spec.HeadSize, heads = _spec.KeyValueHeadCount, group = _spec.HeadCount / heads;
        for (int unit = _step.Team.Take(1); unit < _step.Runs.Count * heads; unit = _step.Team.Take(1))
        {
            ref readonly SequenceRun run = ref _step.Runs[unit / heads];
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
                Window = _layerSpec.Slides ? _spec.SlidingWindow : 0,
                Scale = _spec.AttentionScale,
                SoftCap = _spec.AttentionSoftCap,
                Scratch = _scratch[member].Data,
            };
            _step.Kernels.Attend(ref work);
        }
    }
}
