using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// A seat's working copy of norms or biases that are used together: masters + σ·ε, each at its own offset, zeros between. Norms that multiply by
/// 1 + weight hold the sum.
/// </summary>
internal sealed unsafe class WorkingVector : IDisposable
{
    private readonly (WeightTensor Tensor, int Offset)[] _parts;
    private readonly NativeBuffer _values;
    private readonly bool _onePlus;

    public WorkingVector(int length, bool onePlus, params (WeightTensor Tensor, int Offset)[] parts)
    {
        _parts = parts;
        _onePlus = onePlus;
        Length = length;
        _values = new NativeBuffer(Panel.Padded(length));
    }

    public int Length { get; }

    public float* Data => _values.Data;

    public void Write(NoiseKey? key, float scale)
    {
        foreach (var (tensor, offset) in _parts)
        {
            if (key is { } noise && !tensor.Frozen) Normals.AddScaled(noise, tensor.NoiseId, 0, scale, tensor.Pointer, Data + offset, tensor.Length);
            else tensor.Span.CopyTo(new Span<float>(Data + offset, (int)tensor.Length));
            if (_onePlus) foreach (ref float value in new Span<float>(Data + offset, (int)tensor.Length)) value += 1;
        }
    }

    public void Dispose() => _values.Dispose();
}
