using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// A seat's working copies of norms or biases that are used together, one for each member that it holds: masters + σ·ε, each at its own offset, zeros between.
/// Norms that multiply by 1 + weight hold the sum.
/// </summary>
internal sealed unsafe class WorkingVector : IDisposable
{
    private readonly (WeightTensor Tensor, int Offset)[] _parts;
    private readonly bool _onePlus;
    private NativeBuffer _values;

    public WorkingVector(int length, bool onePlus, params (WeightTensor Tensor, int Offset)[] parts)
    {
        _parts = parts;
        _onePlus = onePlus;
        Stride = Panel.Padded(length);
        _values = new NativeBuffer(Stride);
    }

    /// <summary>Floats that a member takes.</summary>
    public int Stride { get; }

    /// <summary>A member's copy.</summary>
    public float* Of(int member) => _values.Data + (long)member * Stride;

    /// <summary>Makes room for so many members.</summary>
    public void Reserve(int members)
    {
        if (_values.Length >= (long)members * Stride) return;
        _values.Dispose();
        _values = new NativeBuffer((long)members * Stride);
    }

    public void Write(int member, Perturbation? perturbation, float sigma)
    {
        foreach (var (tensor, offset) in _parts)
        {
            float* values = Of(member) + offset;
            tensor.Span.CopyTo(new Span<float>(values, (int)tensor.Length));
            if (perturbation is { } p && !tensor.Frozen)
            {
                if (p.Noise.HasFactors(tensor.Shape.Count)) WrittenFactors.Add(tensor, p, sigma, values);
                else p.Source.AddScaled(tensor.NoiseId, 0, p.ElementScale(sigma), values, values, tensor.Length);
            }
            if (_onePlus) foreach (ref float value in new Span<float>(values, (int)tensor.Length)) value += 1;
        }
    }

    public void Dispose() => _values.Dispose();
}
