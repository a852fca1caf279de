using System.Runtime.CompilerServices;
using Evolute.Engines.Cpu.Kernels;

namespace Evolute.Engines.Cpu;

/// <summary>Activations of a step's rows, [rows][width], rows padded so that tiles may write whole vectors.</summary>
internal sealed unsafe class RowBuffer : IDisposable
{
    private const int PageFloats = 1024;
    private readonly NativeBuffer _data;

    public RowBuffer(int rows, int width)
    {
        Stride = Panel.Padded(width);
        // Rows a page apart would all fall into the same few sets of the cache.
        if (Stride % PageFloats == 0) Stride += Panel.Columns;
        _data = new NativeBuffer((long)rows * Stride);
    }

    public int Stride { get; }

    public float* Data => _data.Data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(int row) => _data.Data + (long)row * Stride;

    public void Dispose() => _data.Dispose();
}
