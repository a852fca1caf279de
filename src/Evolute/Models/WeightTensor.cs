using System.Runtime.InteropServices;
using Evolute.Noise;

namespace Evolute.Models;

/// <summary>
/// One tensor's float32 master values, row-major, in unmanaged memory aligned to 64 bytes. The memory lives until the
/// <see cref="WeightTable"/> that owns the tensor is disposed.
/// </summary>
public sealed unsafe class WeightTensor
{
    private const nuint Alignment = 64;
    private float* _data;

    internal WeightTensor(TensorSpec spec, bool clear)
    {
        Name = spec.Name;
        Shape = [.. spec.Shape];
        Length = spec.Length;
        StoredType = spec.StoredType;
        NoiseId = TensorId.Of(Name);
        nuint bytes = checked((nuint)Length * sizeof(float));
        try
        {
            _data = (float*)NativeMemory.AlignedAlloc(bytes == 0 ? Alignment : bytes, Alignment);
        }
        catch (OutOfMemoryException e)
        {
            throw new EvoluteFaultException($"There is not enough memory for tensor '{Name}', which needs {bytes} bytes.", e);
        }
        if (clear) NativeMemory.Clear(_data, bytes);
    }

    /// <summary>Frees the memory of a tensor whose table was never disposed.</summary>
    ~WeightTensor() => Free();

    /// <summary>The name in the checkpoint; tied weights go by the input embedding's.</summary>
    public string Name { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of elements; may exceed <see cref="int.MaxValue"/>.</summary>
    public long Length { get; }

    /// <summary>The type the tensor has in the checkpoint.</summary>
    public StoredType StoredType { get; }

    /// <summary>The tensor's identity in the noise definition.</summary>
    public ulong NoiseId { get; }

    /// <summary>Whether the tensor stays as it is: no noise, no update.</summary>
    public bool Frozen { get; internal set; }

    /// <summary>The first element, at a multiple of 64 bytes. Valid while the table is not disposed.</summary>
    /// <exception cref="ObjectDisposedException">The table was disposed.</exception>
    public float* Pointer => _data is not null ? _data : throw new ObjectDisposedException(nameof(WeightTable));

    /// <summary>All elements.</summary>
    /// <exception cref="OverflowException">There are more than a span can hold: use <see cref="Slice"/>.</exception>
    public Span<float> Span => new(Pointer, checked((int)Length));

    /// <summary>Elements [<paramref name="start"/>, <paramref name="start"/> + <paramref name="count"/>).</summary>
    public Span<float> Slice(long start, int count)
    {
        if (start < 0 || count < 0 || start > Length - count)
            throw new ArgumentOutOfRangeException(nameof(start), $"Elements {start} to {start + count} are not all in '{Name}', which has {Length}.");
        return new Span<float>(Pointer + start, count);
    }

    internal void CopyFrom(WeightTensor source) =>
        Buffer.MemoryCopy(source.Pointer, Pointer, checked(Length * sizeof(float)), checked(source.Length * sizeof(float)));

    internal void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
