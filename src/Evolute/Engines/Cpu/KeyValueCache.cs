using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Keys and values of a seat's sequences: per layer, slot and key/value head, keys in panels [capacity/16][D][16] and values in panels
/// [D/16][capacity][16], so that attention runs on the same tiles as every other product.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly int _headSize, _heads, _slots;
    private readonly long _keyLength, _valueLength;
    private readonly NativeBuffer[] _keys, _values;

    public KeyValueCache(ModelSpec spec, int slots, int positions)
    {
        Capacity = Panel.Padded(positions);
        _slots = slots;
        _headSize = spec.HeadSize;
        _heads = spec.KeyValueHeadCount;
        _keyLength = (long)Capacity * _headSize;
        _valueLength = (long)Capacity * Panel.Padded(_headSize);
        _keys = [.. Enumerable.Range(0, spec.LayerCount).Select(_ => new NativeBuffer(_keyLength * slots * _heads))];
        _values = [.. Enumerable.Range(0, spec.LayerCount).Select(_ => new NativeBuffer(_valueLength * slots * _heads))];
    }

    /// <summary>Positions a slot has room for.</summary>
    public int Capacity { get; }

    public float* Keys(int layer, int slot, int head) => _keys[layer].Data + ((long)slot * _heads + head) * _keyLength;

    public float* Values(int layer, int slot, int head) => _values[layer].Data + ((long)slot * _heads + head) * _valueLength;

    public void Write(int layer, int slot, int head, int position, float* key, float* value)
    {
        if ((uint)slot >= (uint)_slots || (uint)position >= (uint)Capacity)
            throw new ArgumentOutOfRangeException(nameof(position), $"Slot {slot}, position {position} is outside the {_slots} × {Capacity} reserved.");
        float* k = Keys(layer, slot, head) + (long)(position / Panel.Columns) * _headSize * Panel.Columns + position % Panel.Columns;
        for (int i = 0; i < _headSize; i++) k[i * Panel.Columns] = key[i];
        float* v = Values(layer, slot, head) + (long)position * Panel.Columns;
        for (int i = 0; i < _headSize; i += Panel.Columns)
        {
            int width = Math.Min(Panel.Columns, _headSize - i);
            Buffer.MemoryCopy(value + i, v + (long)i * Capacity, width * sizeof(float), width * sizeof(float));
        }
    }

    /// <summary>Gives one slot what another holds of some positions; no other position of it changes.</summary>
    public void Copy(int layer, int head, in PrefixShare share)
    {
        (int from, int to, int first, int end) = share;
        if ((uint)from >= (uint)_slots || (uint)to >= (uint)_slots || first < 0 || first > end || end > Capacity)
            throw new ArgumentOutOfRangeException(nameof(share), $"{share} is outside the {_slots} × {Capacity} reserved.");
        float* source = Keys(layer, from, head), target = Keys(layer, to, head);
        for (int position = first; position < end;)
        {
            int column = position % Panel.Columns, panels = column == 0 ? (end - position) / Panel.Columns : 0;
            long at = (long)(position - column) * _headSize;
            if (panels > 0)
            {
                CopyFloats(source + at, target + at, (long)panels * _headSize * Panel.Columns);
                position += panels * Panel.Columns;
                continue;
            }
            // The rest of the panel may be the other sequence's own.
            int count = Math.Min(Panel.Columns - column, end - position);
            for (int i = 0; i < _headSize; i++) CopyFloats(source + at + i * Panel.Columns + column, target + at + i * Panel.Columns + column, count);
            position += count;
        }
        source = Values(layer, from, head) + (long)first * Panel.Columns;
        target = Values(layer, to, head) + (long)first * Panel.Columns;
        for (int i = 0; i < _headSize; i += Panel.Columns)
            CopyFloats(source + (long)i * Capacity, target + (long)i * Capacity, (long)(end - first) * Panel.Columns);
    }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _keys) buffer.Dispose();
        foreach (NativeBuffer buffer in _values) buffer.Dispose();
    }

    private static void CopyFloats(float* from, float* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
}
