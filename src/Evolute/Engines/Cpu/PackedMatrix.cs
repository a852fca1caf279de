using System.Runtime.CompilerServices;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>Rows of a matrix that a packed matrix holds as one: all of a tensor's, or one of several matrices that are fused in it.</summary>
internal readonly record struct MatrixPart(WeightTensor Tensor, long FirstRow, int Rows)
{
    /// <summary>A whole tensor.</summary>
    public static implicit operator MatrixPart(WeightTensor tensor) => new(tensor, 0, checked((int)tensor.Shape[0]));
}

/// <summary>
/// A seat's working copy of one or more matrices [N, K] that share their input, in panels: masters + σ·ε, written while packing. Each matrix
/// begins at a multiple of <see cref="Panel.ColumnsTogether"/> columns.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly MatrixPart[] _parts;
    private readonly int[] _firstPanel;
    private readonly NativeBuffer _panels;

    public PackedMatrix(params MatrixPart[] parts)
    {
        _parts = parts;
        K = checked((int)parts[0].Tensor.Shape[1]);
        _firstPanel = new int[parts.Length];
        int columns = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            _firstPanel[i] = columns / Panel.Columns;
            columns += Panel.Padded(parts[i].Rows);
        }
        Columns = columns;
        _panels = new NativeBuffer((long)columns * K);
    }

    /// <summary>Length of a column: the matrices' inputs.</summary>
    public int K { get; }

    /// <summary>Columns of all matrices together, padding included.</summary>
    public int Columns { get; }

    public int PanelCount => Columns / Panel.Columns;

    public float* Data => _panels.Data;

    /// <summary>Where matrix <paramref name="i"/>'s outputs begin.</summary>
    public int ColumnOf(int i) => _firstPanel[i] * Panel.Columns;

    /// <summary>Writes one panel: 16 rows of a master, perturbed in pieces long enough to read the master in order, then transposed.</summary>
    [SkipLocalsInit]
    public void Pack(int panel, NoiseKey? key, float scale, bool streaming)
    {
        const int chunk = 1024;
        float* scratch = stackalloc float[Panel.Columns * chunk];
        int owner = _parts.Length - 1;
        while (_firstPanel[owner] > panel) owner--;
        MatrixPart part = _parts[owner];
        WeightTensor tensor = part.Tensor;
        int before = (panel - _firstPanel[owner]) * Panel.Columns, rows = Math.Clamp(part.Rows - before, 0, Panel.Columns);
        long firstElement = (part.FirstRow + before) * K;
        float* to = Data + (long)panel * K * Panel.Columns;
        if (key is not { } noise)
        {
            PanelTranspose.Write(tensor.Pointer + firstElement, K, rows, K, to, streaming);
            return;
        }
        for (int k = 0; k < K; k += chunk)
        {
            int width = Math.Min(chunk, K - k);
            for (int row = 0; row < rows; row++)
            {
                long element = firstElement + (long)row * K + k;
                Normals.AddScaled(noise, tensor.NoiseId, element, scale, tensor.Pointer + element, scratch + row * chunk, width);
            }
            PanelTranspose.Write(scratch, chunk, rows, width, to + (long)k * Panel.Columns, streaming);
        }
    }

    /// <summary>Copies one row of matrix 0 back out of the panels.</summary>
    public void CopyRow(int row, float* destination)
    {
        float* column = Data + (long)(row / Panel.Columns) * K * Panel.Columns + row % Panel.Columns;
        for (int k = 0; k < K; k++) destination[k] = column[(long)k * Panel.Columns];
    }

    public void Dispose() => _panels.Dispose();
}
