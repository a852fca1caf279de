using System.Runtime.InteropServices;
using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The low-rank noise of one packed matrix for each member that a seat holds: Bᵀ, then Aᵀ, so that what a row needs is in one place. Matrices that are fused in one
/// tensor share their B.
/// </summary>
internal sealed unsafe class MatrixFactors(PackedMatrix matrix) : IDisposable
{
    private readonly List<WeightTensor> _tensors = [];
    private NativeBuffer _values = new(0), _scales = new(0);
    private (int Rank, int Terms) _layout;

    /// <summary>Rank of the noise; 0 while there is none.</summary>
    public int Rank { get; private set; }

    /// <summary>Inner products of a row: the rank for each tensor that is not frozen.</summary>
    public int Terms => _tensors.Count * Rank;

    /// <summary>Length of a row that comes in.</summary>
    public int Inputs => matrix.K;

    /// <summary>Columns of the packed matrix.</summary>
    public int Columns => matrix.Columns;

    /// <summary>Floats from one of the rows of <see cref="B"/> to the next.</summary>
    public int StrideB { get; } = Panel.Padded(matrix.K);

    /// <summary>The matrix's parts that have noise.</summary>
    public Part[] Parts { get; private set; } = [];

    /// <summary>Floats from one member's factors to the next one's.</summary>
    public nint Stride { get; private set; }

    /// <summary>What each member's products are multiplied by.</summary>
    public float* Scales => _scales.Data;

    /// <summary>A member's Bᵀ, [terms][<see cref="StrideB"/>].</summary>
    public float* B(int member) => _values.Data + member * Stride;

    /// <summary>A member's Aᵀ, [rank][columns of the packed matrix].</summary>
    public float* A(int member) => B(member) + (long)Terms * StrideB;

    /// <summary>Floats that a member takes.</summary>
    public static long Length(PackedMatrix matrix, int rank) =>
        rank * ((long)matrix.Parts.Select(p => p.Tensor).Distinct().Count() * Panel.Padded(matrix.K) + matrix.Columns);

    /// <summary>Makes room for members' noise of a rank; 0 for none.</summary>
    public void Reserve(int members, int rank)
    {
        Rank = rank;
        _tensors.Clear();
        List<Part> parts = [];
        for (int i = 0; i < matrix.Parts.Count; i++)
        {
            MatrixPart part = matrix.Parts[i];
            if (part.Tensor.Frozen) continue;
            int tensor = _tensors.IndexOf(part.Tensor);
            if (tensor < 0)
            {
                tensor = _tensors.Count;
                _tensors.Add(part.Tensor);
            }
            parts.Add(new(part, matrix.ColumnOf(i), tensor));
        }
        Parts = [.. parts];
        Stride = checked((nint)((long)Terms * StrideB + (long)rank * matrix.Columns));
        if (_scales.Length < members)
        {
            _scales.Dispose();
            _scales = new NativeBuffer(members);
        }
        if (_values.Length < members * Stride)
        {
            _values.Dispose();
            _values = new NativeBuffer(members * Stride);
        }
        else if (rank > 0 && _layout != (Rank, Terms))
        {
            // What no factor fills, padding and parts without noise, has to be 0.
            NativeMemory.Clear(_values.Data, (nuint)_values.Length * sizeof(float));
        }
        if (rank > 0) _layout = (Rank, Terms);
    }

    /// <summary>Makes a member's factors; members may be made at once.</summary>
    public void Write(int member, NoiseKey key, float scale)
    {
        _scales.Data[member] = scale;
        for (int tensor = 0; tensor < _tensors.Count; tensor++)
            Transpose(key, TensorId.FactorB(_tensors[tensor].NoiseId), 0, matrix.K, B(member) + (long)tensor * Rank * StrideB, StrideB);
        foreach (Part part in Parts)
            Transpose(key, TensorId.FactorA(part.Matrix.Tensor.NoiseId), part.Matrix.FirstRow, part.Matrix.Rows, A(member) + part.Column, matrix.Columns);
    }

    public void Dispose()
    {
        _values.Dispose();
        _scales.Dispose();
    }

    /// <summary>Rows of a factor [·, rank], transposed.</summary>
    private void Transpose(NoiseKey key, ulong factor, long firstRow, int rows, float* destination, nint stride)
    {
        if (Rank == 1)
        {
            Normals.Fill(key, factor, firstRow, new Span<float>(destination, rows));
            return;
        }
        const int most = 1024;
        float* normals = stackalloc float[most];
        int together = most / Rank;
        for (int row = 0; row < rows; row += together)
        {
            int n = Math.Min(together, rows - row);
            Normals.Fill(key, factor, (firstRow + row) * Rank, new Span<float>(normals, n * Rank));
            for (int i = 0; i < n; i++)
                for (int j = 0; j < Rank; j++) destination[j * stride + row + i] = normals[i * Rank + j];
        }
    }

    /// <summary>A matrix that has noise.</summary>
    /// <param name="Matrix">Which rows of which tensor.</param>
    /// <param name="Column">Where its outputs begin in the packed matrix.</param>
    /// <param name="Tensor">Which of the tensors that have a B.</param>
    internal readonly record struct Part(MatrixPart Matrix, int Column, int Tensor);
}
