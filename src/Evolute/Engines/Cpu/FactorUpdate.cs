using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// What an update with low-rank noise adds up for matrices: Σ cₙ·Aₙ·Bₙᵀ, a product of stacked factors [out, N·r]·[N·r, in]. Factors are made again band by band, so that
/// nothing is kept of the population; an element's sum is one chain of fused multiply-adds over members in order and then ranks.
/// </summary>
internal sealed unsafe class FactorUpdate : IDisposable
{
    private const int Rows = 64, Band = 16 * Rows, Width = 512, MostTerms = 4096;

    private readonly CpuKernels _kernels;
    private readonly NativeBuffer _a, _b, _sums, _normals;
    private readonly IReadOnlyList<(NoiseKey Key, float Coefficient)> _members;
    private readonly int _rank, _together;

    /// <summary>One thread's room for an update.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="members">Noise and cₙ in order.</param>
    /// <param name="rank">r.</param>
    public FactorUpdate(CpuKernels kernels, IReadOnlyList<(NoiseKey Key, float Coefficient)> members, int rank)
    {
        (_kernels, _members, _rank) = (kernels, members, rank);
        _together = Together(members.Count, rank);
        int terms = _together * rank;
        _a = new NativeBuffer((long)Rows * terms);
        _b = new NativeBuffer((long)Width * terms);
        _sums = new NativeBuffer(Rows * Width);
        _normals = new NativeBuffer((long)Width * rank);
    }

    /// <summary>Bytes of one thread's room.</summary>
    public static long Bytes(int members, int rank) => sizeof(float) * ((long)(Rows + Width) * Together(members, rank) * rank + Rows * Width + (long)Width * rank);

    /// <summary>How many pieces of work a matrix is.</summary>
    public static int Pieces(WeightTensor matrix) => checked((int)(Parts(matrix.Shape[0], Band) * Parts(matrix.Shape[1], Width)));

    /// <summary>Adds up one piece and gives the sums on, some neighbouring elements of a row at a time.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="piece">Which piece of it.</param>
    /// <param name="move">Takes the sums, the first element's index and how many they are.</param>
    public void Run(WeightTensor matrix, int piece, SumTaker move)
    {
        long outputs = matrix.Shape[0], inputs = matrix.Shape[1], across = Parts(inputs, Width);
        long row1 = Math.Min((piece / across + 1) * Band, outputs), column0 = piece % across * Width;
        int columns = (int)Math.Min(Width, inputs - column0);
        bool once = _together == _members.Count;
        if (once) StackB(matrix, column0, columns, 0, _together);
        for (long row0 = piece / across * Band; row0 < row1; row0 += Rows)
        {
            int rows = (int)Math.Min(Rows, row1 - row0);
            for (int first = 0; first < _members.Count; first += _together)
            {
                int count = Math.Min(_together, _members.Count - first), terms = count * _rank;
                if (!once) StackB(matrix, column0, columns, first, count);
                StackA(matrix, row0, rows, first, count);
                _kernels.Multiply(PackedType.Float32, _a.Data, terms, (byte*)_b.Data, terms, _sums.Data, Width, rows, 0, Panel.Padded(columns), first == 0);
            }
            for (int row = 0; row < rows; row++) move(_sums.Data + row * Width, (row0 + row) * inputs + column0, columns);
        }
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _sums.Dispose();
        _normals.Dispose();
    }

    private static int Together(int members, int rank) => Math.Clamp(MostTerms / rank, 1, members);

    private static long Parts(long length, int part) => (length + part - 1) / part;

    /// <summary>cₙ·A of some rows, [rows][members · rank].</summary>
    private void StackA(WeightTensor matrix, long row0, int rows, int first, int count)
    {
        int terms = count * _rank;
        for (int n = 0; n < count; n++)
        {
            (NoiseKey key, float coefficient) = _members[first + n];
            Normals.Fill(key, TensorId.FactorA(matrix.NoiseId), row0 * _rank, new Span<float>(_normals.Data, rows * _rank));
            for (int row = 0; row < rows; row++)
                for (int j = 0; j < _rank; j++) _a.Data[(long)row * terms + n * _rank + j] = coefficient * _normals.Data[row * _rank + j];
        }
    }

    /// <summary>B of some columns in panels, [columns / 16][members · rank][16].</summary>
    private void StackB(WeightTensor matrix, long column0, int columns, int first, int count)
    {
        int terms = count * _rank;
        for (int n = 0; n < count; n++)
        {
            Normals.Fill(_members[first + n].Key, TensorId.FactorB(matrix.NoiseId), column0 * _rank, new Span<float>(_normals.Data, columns * _rank));
            for (int i = 0; i < columns; i++)
                for (int j = 0; j < _rank; j++)
                    _b.Data[((long)(i / Panel.Columns) * terms + n * _rank + j) * Panel.Columns + i % Panel.Columns] = _normals.Data[i * _rank + j];
        }
    }

    /// <summary>Takes <paramref name="count"/> sums from a matrix's element <paramref name="start"/> on.</summary>
    internal delegate void SumTaker(float* sums, long start, int count);
}
