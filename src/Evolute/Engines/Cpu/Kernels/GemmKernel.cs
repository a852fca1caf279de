using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>C[M, N] = X[M, K] · W[N, K]ᵀ with W in panels; every element one in-order chain over k, whatever M, tile and width.</summary>
internal static unsafe class GemmKernel<L, TF, TU, TW>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
    where TW : struct, IPanelWeights
{
    /// <summary>Weights of this many bytes, a narrow tile's columns by some k, stay in the first-level cache while all rows use them.</summary>
    private const int SliceBytes = 20 << 10;

    /// <summary>A k up to which tiles are short, and weights so few that nothing is gained by asking for them ahead.</summary>
    private const int ShortK = 128;

    /// <summary>Rows whose pointers are made once and not for every block and column.</summary>
    private const int MostPointed = 256;

    /// <summary>Columns <paramref name="column0"/> to <paramref name="column1"/> (multiples of <see cref="Panel.ColumnsTogether"/>) of the product.</summary>
    /// <param name="x">Activations, row r at x + r·ldx.</param>
    /// <param name="w">The whole packed matrix, panels of k·16 weights.</param>
    /// <param name="c">Outputs, row r at c + r·ldc; ldc covers the padded columns.</param>
    /// <param name="first">Whether sums begin at 0 and not at what c holds.</param>
    [SkipLocalsInit]
    public static void Multiply(float* x, nint ldx, byte* w, nint k, float* c, nint ldc, int rows, int column0, int column1, bool first)
    {
        nint panelStride = k * Panel.Columns;
        int blocks = (rows + TileRows(rows, k) - 1) / TileRows(rows, k), small = rows / blocks, larger = rows % blocks;
        bool pointsOnce = rows <= MostPointed;
        int pointers = pointsOnce ? rows : GemmTiles<L, TF, TU, TW>.MaxRows;
        float** xs = stackalloc float*[pointers], cs = stackalloc float*[pointers];
        if (pointsOnce) Point(x, ldx, c, ldc, rows, xs, cs);
        if (blocks == 1)
        {
            RowBlock(rows, xs, w, panelStride, cs, column0, column1, 0, k, first);
            return;
        }
        // Balanced slices; partial sums rest in C, which is exact.
        nint most = SliceBytes / (GemmTiles<L, TF, TU, TW>.NarrowColumns * TW.Size);
        nint slices = (k + most - 1) / most, slice = (k + slices - 1) / slices;
        for (nint k0 = 0; k0 < k; k0 += slice)
        {
            nint k1 = Math.Min(k, k0 + slice);
            for (int column = column0; column < column1; column += GemmTiles<L, TF, TU, TW>.NarrowColumns)
            {
                byte* weights = ColumnAt(w, panelStride, column);
                int ahead = column + Panel.ColumnsTogether;
                byte* next = k > ShortK && ahead < column1 ? ColumnAt(w, panelStride, ahead) + k0 * Panel.Columns * TW.Size : null;
                for (int block = 0, row = 0; block < blocks; block++)
                {
                    int height = block < larger ? small + 1 : small, at = pointsOnce ? row : 0;
                    if (!pointsOnce) Point(x + row * ldx, ldx, c + row * ldc, ldc, height, xs, cs);
                    if (next != null)
                        for (nint panel = 0; panel < Math.Max(1, GemmTiles<L, TF, TU, TW>.NarrowColumns / Panel.Columns); panel++)
                            PrefetchShare(next + panel * panelStride * TW.Size, (k1 - k0) * Panel.Columns * TW.Size, block, blocks);
                    GemmTiles<L, TF, TU, TW>.Narrow(height, xs + at, weights, panelStride, cs + at, column, k0, k1, first && k0 == 0);
                    row += height;
                }
            }
        }
    }

    /// <summary>Up to a tile's rows, each through its own pointer, times some columns, over k0 ≤ k &lt; k1.</summary>
    public static void RowBlock(int rows, float** x, byte* w, nint panelStride, float** c, int column0, int column1, nint k0, nint k1, bool first)
    {
        int column = column0, wide = GemmTiles<L, TF, TU, TW>.WideColumns(rows);
        for (; column + wide <= column1; column += wide)
            GemmTiles<L, TF, TU, TW>.Wide(rows, x, ColumnAt(w, panelStride, column), panelStride, c, column, k0, k1, first);
        for (; column < column1; column += GemmTiles<L, TF, TU, TW>.NarrowColumns)
            GemmTiles<L, TF, TU, TW>.Narrow(rows, x, ColumnAt(w, panelStride, column), panelStride, c, column, k0, k1, first);
    }

    /// <summary>
    /// Tall blocks spare a second reading of the weights; where there is one in any case, six rows leave the pointers in registers, unless a tile is so short that to begin and end it
    /// counts for more.
    /// </summary>
    private static int TileRows(int rows, nint k)
    {
        if (rows <= GemmTiles<L, TF, TU, TW>.Rows) return GemmTiles<L, TF, TU, TW>.Rows;
        return k > ShortK || L.Count < 16 ? GemmTiles<L, TF, TU, TW>.LowRows : GemmTiles<L, TF, TU, TW>.ShortRows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* ColumnAt(byte* w, nint panelStride, int column) =>
        w + (column / Panel.Columns * panelStride + column % Panel.Columns) * TW.Size;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Point(float* x, nint ldx, float* c, nint ldc, int rows, float** xs, float** cs)
    {
        for (int r = 0; r < rows; r++)
        {
            xs[r] = x + r * ldx;
            cs[r] = c + r * ldc;
        }
    }

    /// <summary>Asks for this row block's share of the slice after next, so that its cache lines arrive while the tiles compute.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchShare(byte* slice, nint bytes, int block, int blocks)
    {
        if (!Sse.IsSupported) return;
        const int cacheLine = 64;
        nint lines = bytes / cacheLine, from = lines * block / blocks, to = lines * (block + 1) / blocks;
        for (nint line = from; line < to; line++) Sse.Prefetch1(slice + line * cacheLine);
    }
}
