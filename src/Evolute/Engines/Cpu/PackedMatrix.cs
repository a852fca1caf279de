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

    public PackedMatrix(PackedType type, params MatrixPart[] parts)
    {
        Type = type;
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
        Factors = new MatrixFactors(this);
        long bytes = (long)columns * K * SizeOf(type);
        _panels = new NativeBuffer((bytes + sizeof(float) - 1) / sizeof(float));
    }

    /// <summary>Length of a column: the matrices' inputs.</summary>
    public int K { get; }

    /// <summary>Columns of all matrices together, padding included.</summary>
    public int Columns { get; }

    public int PanelCount => Columns / Panel.Columns;

    /// <summary>What the panels hold.</summary>
    public PackedType Type { get; }

    /// <summary>The matrices.</summary>
    public IReadOnlyList<MatrixPart> Parts => _parts;

    /// <summary>Members' low-rank noise, which is no part of the panels.</summary>
    public MatrixFactors Factors { get; }

    public byte* Data => (byte*)_panels.Data;

    /// <summary>Bytes of a weight.</summary>
    public static int SizeOf(PackedType type) => type == PackedType.Bfloat16 ? BFloat16Weights.Size : Float32Weights.Size;

    /// <summary>Where matrix <paramref name="i"/>'s outputs begin.</summary>
    public int ColumnOf(int i) => _firstPanel[i] * Panel.Columns;

    /// <summary>Writes one panel: 16 rows of a master, perturbed in pieces long enough to read the master in order, then transposed.</summary>
    [SkipLocalsInit]
    public void Pack(int panel, NoiseSource? noise, float scale, bool streaming)
    {
        const int chunk = 1024;
        float* scratch = stackalloc float[Panel.Columns * chunk];
        int owner = _parts.Length - 1;
        while (_firstPanel[owner] > panel) owner--;
        MatrixPart part = _parts[owner];
        WeightTensor tensor = part.Tensor;
        int before = (panel - _firstPanel[owner]) * Panel.Columns, rows = Math.Clamp(part.Rows - before, 0, Panel.Columns);
        long firstElement = (part.FirstRow + before) * K, firstPlace = (long)panel * K * Panel.Columns;
        float* wide = stackalloc float[Type == PackedType.Float32 ? 0 : chunk * Panel.Columns];
        for (int k = 0; k < K; k += chunk)
        {
            int width = Math.Min(chunk, K - k);
            float* from = tensor.Pointer + firstElement + k;
            nint stride = K;
            if (noise is { } source && !tensor.Frozen)
            {
                for (int row = 0; row < rows; row++)
                    source.AddScaled(tensor.NoiseId, firstElement + (long)row * K + k, scale, from + (long)row * K, scratch + row * chunk, width);
                from = scratch;
                stride = chunk;
            }
            long place = firstPlace + (long)k * Panel.Columns;
            if (Type == PackedType.Float32)
            {
                PanelTranspose.Write(from, stride, rows, width, (float*)Data + place, streaming);
                continue;
            }
            if (rows < Panel.Columns) new Span<float>(wide, width * Panel.Columns).Clear();
            PanelTranspose.Write(from, stride, rows, width, wide, streaming: false);
            FloatConversion.ToBFloat16(new ReadOnlySpan<float>(wide, width * Panel.Columns), new Span<ushort>((ushort*)Data + place, width * Panel.Columns));
        }
    }

    /// <summary>Copies one row of matrix 0 back out of the panels.</summary>
    public void CopyRow(int row, float* destination)
    {
        long first = (long)(row / Panel.Columns) * K * Panel.Columns + row % Panel.Columns;
        if (Type == PackedType.Float32)
            for (int k = 0; k < K; k++) destination[k] = ((float*)Data)[first + (long)k * Panel.Columns];
        else
            for (int k = 0; k < K; k++) destination[k] = Numerics.Lanes1.LoadBFloat16((ushort*)Data + first + (long)k * Panel.Columns);
    }

    public void Dispose()
    {
        _panels.Dispose();
        Factors.Dispose();
    }
}
