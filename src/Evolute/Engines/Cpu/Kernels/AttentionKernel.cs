using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>One sequence's new tokens under one key/value head: what <see cref="AttentionKernel{L,TF,TU}"/> works on.</summary>
internal unsafe struct AttentionWork
{
    /// <summary>Query of token i, head g of the group at Query + i·QueryStride + g·HeadSize.</summary>
    public float* Query;
    public nint QueryStride;

    /// <summary>Outputs, laid out as the queries.</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>Keys in panels [capacity/16][D][16].</summary>
    public float* Keys;

    /// <summary>Values in panels [D/16][capacity][16].</summary>
    public float* Values;

    /// <summary>Positions the cache has room for; a multiple of <see cref="Panel.ColumnsTogether"/>.</summary>
    public int Capacity;

    public int HeadSize;

    /// <summary>Query heads that share the key/value head.</summary>
    public int Group;

    /// <summary>New tokens, at positions <see cref="FirstPosition"/>, + 1, …; their keys and values are in the cache already.</summary>
    public int Tokens;
    public int FirstPosition;

    /// <summary>Positions that a token sees, its own among them; 0 for all up to its own.</summary>
    public int Window;

    /// <summary>Positions that every token sees, those after its own among them; 0 for those up to its own.</summary>
    public int Seen;

    /// <summary>What is added to a scaled score: Bias + g·BiasStride points at head g's for a key at the query's own position, offsets around it; or null.</summary>
    public float* Bias;
    public nint BiasStride;

    public float Scale;

    /// <summary>c of c·tanh(score/c); 0 for none.</summary>
    public float SoftCap;

    /// <summary>Room for 6 rows of Capacity + 16 scores and 6 rows of padded head size.</summary>
    public float* Scratch;
}

/// <summary>
/// Grouped-query attention over the cache, causal unless all tokens see the same positions. Scores and weighted values are the same in-order products as every other matrix's, each row
/// over exactly its own positions, so that a token's result does not depend on which tokens it came with.
/// </summary>
internal static unsafe class AttentionKernel<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    /// <summary>Rows together: few, since each sees its own positions.</summary>
    private const int TileRows = 6;

    public static long ScratchLength(int capacity, int headSize) => TileRows * ((long)capacity + 16 + Panel.Padded(headSize));

    [SkipLocalsInit]
    public static void Attend(ref AttentionWork work)
    {
        int rows = work.Tokens * work.Group;
        int blocks = (rows + TileRows - 1) / TileRows, small = rows / blocks, larger = rows % blocks;
        for (int block = 0, row = 0; block < blocks; block++)
        {
            int height = block < larger ? small + 1 : small;
            Block(ref work, row, height);
            row += height;
        }
    }

    [SkipLocalsInit]
    private static void Block(ref AttentionWork work, int firstRow, int rows)
    {
        int d = work.HeadSize, paddedHead = Panel.Padded(d), scoreStride = work.Capacity + 16;
        float** queries = stackalloc float*[TileRows], scores = stackalloc float*[TileRows], outputs = stackalloc float*[TileRows];
        // A row sees positions starts[r] ≤ j < ends[r]; both ascend from row to row.
        int* starts = stackalloc int[TileRows], ends = stackalloc int[TileRows];
        float* sums = stackalloc float[TileRows];
        for (int r = 0; r < rows; r++)
        {
            int token = (firstRow + r) / work.Group, head = (firstRow + r) % work.Group;
            queries[r] = work.Query + token * work.QueryStride + head * d;
            scores[r] = work.Scratch + r * scoreStride;
            outputs[r] = work.Scratch + TileRows * scoreStride + r * paddedHead;
            ends[r] = work.Seen > 0 ? work.Seen : work.FirstPosition + token + 1;
            starts[r] = work.Window > 0 ? Math.Max(0, ends[r] - work.Window) : 0;
        }

        int firstColumn = starts[0] / Panel.ColumnsTogether * Panel.ColumnsTogether, lastColumn = Panel.Padded(ends[rows - 1]);
        GemmKernel<L, TF, TU, Float32Weights>.RowBlock(rows, queries, (byte*)work.Keys, (nint)d * Panel.Columns, scores, firstColumn, lastColumn, 0, d, first: true);
        for (int r = 0; r < rows; r++) sums[r] = Weigh(ref work, firstRow + r, scores[r], starts[r], ends[r]);
        SumValues(ref work, rows, scores, outputs, starts, ends);

        for (int r = 0; r < rows; r++)
        {
            int token = (firstRow + r) / work.Group, head = (firstRow + r) % work.Group;
            float* to = work.Output + token * work.OutputStride + head * d;
            RowKernels<L, TF, TU>.Scale(outputs[r], 1f / sums[r], to, d);
        }
    }

    /// <summary>Scores to weights, in place; returns their sum. Lanes count from the first position the row sees, so its bits are its own.</summary>
    private static float Weigh(ref AttentionWork work, int row, float* allScores, int start, int end)
    {
        float* scores = allScores + start;
        int n = end - start;
        if (work.Bias is not null)
        {
            float* bias = work.Bias + row % work.Group * work.BiasStride + start - (work.FirstPosition + row / work.Group);
            RowKernels<L, TF, TU>.ScaleAndAdd(bias, work.Scale, scores, n);
            return RowKernels<L, TF, TU>.Softmax(scores, n, 1);
        }
        if (work.SoftCap == 0) return RowKernels<L, TF, TU>.Softmax(scores, n, work.Scale);
        ActivationKernels<L, TF, TU>.SoftCap(scores, n, work.Scale, work.SoftCap);
        return RowKernels<L, TF, TU>.Softmax(scores, n, 1);
    }

    /// <summary>Each row's weights times its values, in order of positions: what all rows see together, the ends of each alone.</summary>
    private static void SumValues(ref AttentionWork work, int rows, float** scores, float** outputs, int* starts, int* ends)
    {
        int paddedHead = Panel.Padded(work.HeadSize), from = starts[rows - 1], to = ends[0];
        nint valueStride = (nint)work.Capacity * Panel.Columns;
        if (from >= to)
        {
            for (int r = 0; r < rows; r++)
                GemmKernel<L, TF, TU, Float32Weights>.RowBlock(1, scores + r, (byte*)work.Values, valueStride, outputs + r, 0, paddedHead, starts[r], ends[r], first: true);
            return;
        }
        bool together = starts[0] == from;
        for (int r = 0; r < rows && !together; r++)
        {
            // A sum of nothing is 0, from which the common part goes on as if it were the first.
            if (starts[r] == from) new Span<float>(outputs[r], paddedHead).Clear();
            else GemmKernel<L, TF, TU, Float32Weights>.RowBlock(1, scores + r, (byte*)work.Values, valueStride, outputs + r, 0, paddedHead, starts[r], from, first: true);
        }
        GemmKernel<L, TF, TU, Float32Weights>.RowBlock(rows, scores, (byte*)work.Values, valueStride, outputs, 0, paddedHead, from, to, first: together);
        for (int r = 0; r < rows; r++)
            if (ends[r] > to)
                GemmKernel<L, TF, TU, Float32Weights>.RowBlock(1, scores + r, (byte*)work.Values, valueStride, outputs + r, 0, paddedHead, to, ends[r], first: false);
    }
}
