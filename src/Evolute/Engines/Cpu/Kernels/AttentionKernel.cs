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

    public float Scale;

    /// <summary>Room for 6 rows of Capacity + 16 scores and 6 rows of padded head size.</summary>
    public float* Scratch;
}

/// <summary>
/// Causal grouped-query attention over the cache. Scores and weighted values are the same in-order products as every other matrix's, each row
/// over exactly its own positions, so that a token's result does not depend on which tokens it came with.
/// </summary>
internal static unsafe class AttentionKernel<L, TF, TU>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    private const int TileRows = GemmKernel<L, TF, TU>.TileRows;

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
        int* lengths = stackalloc int[TileRows];
        float* sums = stackalloc float[TileRows];
        for (int r = 0; r < rows; r++)
        {
            int token = (firstRow + r) / work.Group, head = (firstRow + r) % work.Group;
            queries[r] = work.Query + token * work.QueryStride + head * d;
            scores[r] = work.Scratch + r * scoreStride;
            outputs[r] = work.Scratch + TileRows * scoreStride + r * paddedHead;
            lengths[r] = work.FirstPosition + token + 1;
        }
        int shortest = lengths[0], longest = lengths[rows - 1];

        GemmKernel<L, TF, TU>.RowBlock(rows, queries, work.Keys, (nint)d * Panel.Columns, scores, 0, Panel.Padded(longest), 0, d, first: true);
        for (int r = 0; r < rows; r++) sums[r] = RowKernels<L, TF, TU>.Softmax(scores[r], lengths[r], work.Scale);

        // Rows of later tokens reach further back in time order: the common part together, each row's own end alone.
        nint valueStride = (nint)work.Capacity * Panel.Columns;
        GemmKernel<L, TF, TU>.RowBlock(rows, scores, work.Values, valueStride, outputs, 0, paddedHead, 0, shortest, first: true);
        for (int r = 0; r < rows; r++)
            if (lengths[r] > shortest)
                GemmKernel<L, TF, TU>.RowBlock(1, scores + r, work.Values, valueStride, outputs + r, 0, paddedHead, shortest, lengths[r], first: false);

        for (int r = 0; r < rows; r++)
        {
            int token = (firstRow + r) / work.Group, head = (firstRow + r) % work.Group;
            float* to = work.Output + token * work.OutputStride + head * d;
            float share = 1f / sums[r];
            for (int i = 0; i < d; i++) to[i] = outputs[r][i] * share;
        }
    }
}
