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

    public void Dispose()
    {
        foreach (NativeBuffer buffer in _keys) buffer.Dispose();
        foreach (NativeBuffer buffer in _values) buffer.Dispose();
    }
}
