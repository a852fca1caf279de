using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>
/// The innermost products: a few rows of activations times a few vectors of columns, every output element one chain of fused
/// multiply-adds over k in order. Two vectors by six rows fill the 16 registers of a 256-bit machine (12 sums, 2 weights, 1 broadcast), by twelve the
/// 32 of a 512-bit one; with fewer rows more vectors keep as many chains in flight, since a chain's step waits for the one before.
/// </summary>
/// <remarks>
/// <c>x[r]</c> points at row r's activations, <c>c[r]</c> at its outputs; <c>w</c> is the panel that holds <c>column</c>, <c>panelStride</c> the weights from a
/// panel to the next. Sums run over k0 ≤ k &lt; k1 and continue those in c unless <c>first</c>.
/// </remarks>
internal static unsafe class GemmTiles<L, TF, TU, TW>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
    where TW : struct, IPanelWeights
{
    /// <summary>Most rows of a tile at any width.</summary>
    public const int MaxRows = 12;

    /// <summary>Rows that fill 16 registers.</summary>
    public const int LowRows = 6;

    /// <summary>Rows of short tiles with 32 registers.</summary>
    public const int ShortRows = 8;

    /// <summary>Rows that fill the registers there are.</summary>
    public static int Rows => L.Count == 16 ? MaxRows : LowRows;

    /// <summary>Columns of the narrow tiles (2 vectors).</summary>
    public static int NarrowColumns => 2 * L.Count;

    /// <summary>Columns of the tiles that <see cref="Wide"/> has for so many rows: 8 vectors for 1 row, 4 for 2 and 3.</summary>
    public static int WideColumns(int rows) => rows == 1 ? 8 * L.Count : rows <= 3 ? 4 * L.Count : 2 * L.Count;

    public static void Narrow(int rows, float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        switch (rows)
        {
            case 1: Rows1x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 2: Rows2x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 3: Rows3x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 4: Rows4x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 5: Rows5x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 6: Rows6x2(x, w, panelStride, c, column, k0, k1, first); break;
            default: GemmTallTiles<L, TF, TU, TW>.Run(rows, x, w, panelStride, c, column, k0, k1, first); break;
        }
    }

    public static void Wide(int rows, float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        switch (rows)
        {
            case 1: Rows1x8(x, w, panelStride, c, column, k0, k1, first); break;
            case 2: Rows2x4(x, w, panelStride, c, column, k0, k1, first); break;
            case 3: Rows3x4(x, w, panelStride, c, column, k0, k1, first); break;
            default: Narrow(rows, x, w, panelStride, c, column, k0, k1, first); break;
        }
    }

    /// <summary>Where vector v of a group of columns begins: vectors first fill a panel, then go on in the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte* VectorAt(byte* w, nint panelStride, int v) =>
        w + (v * L.Count / Panel.Columns * panelStride + v * L.Count % Panel.Columns) * TW.Size;

    private static void Rows1x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0];
        TF a00, a01;
        if (first)
        {
            a00 = a01 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
    }

    private static void Rows2x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1];
        TF a00, a01, a10, a11;
        if (first)
        {
            a00 = a01 = a10 = a11 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
    }

    private static void Rows3x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2];
        TF a00, a01, a10, a11, a20, a21;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11);
            TF s2 = L.Broadcast(x2[k]);
            a20 = L.Fma(s2, b0, a20); a21 = L.Fma(s2, b1, a21);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
    }

    private static void Rows4x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3];
        TF a00, a01, a10, a11, a20, a21, a30, a31;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11);
            TF s2 = L.Broadcast(x2[k]);
            a20 = L.Fma(s2, b0, a20); a21 = L.Fma(s2, b1, a21);
            TF s3 = L.Broadcast(x3[k]);
            a30 = L.Fma(s3, b0, a30); a31 = L.Fma(s3, b1, a31);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
    }

    private static void Rows5x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11);
            TF s2 = L.Broadcast(x2[k]);
            a20 = L.Fma(s2, b0, a20); a21 = L.Fma(s2, b1, a21);
            TF s3 = L.Broadcast(x3[k]);
            a30 = L.Fma(s3, b0, a30); a31 = L.Fma(s3, b1, a31);
            TF s4 = L.Broadcast(x4[k]);
            a40 = L.Fma(s4, b0, a40); a41 = L.Fma(s4, b1, a41);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
    }

    private static void Rows6x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11);
            TF s2 = L.Broadcast(x2[k]);
            a20 = L.Fma(s2, b0, a20); a21 = L.Fma(s2, b1, a21);
            TF s3 = L.Broadcast(x3[k]);
            a30 = L.Fma(s3, b0, a30); a31 = L.Fma(s3, b1, a31);
            TF s4 = L.Broadcast(x4[k]);
            a40 = L.Fma(s4, b0, a40); a41 = L.Fma(s4, b1, a41);
            TF s5 = L.Broadcast(x5[k]);
            a50 = L.Fma(s5, b0, a50); a51 = L.Fma(s5, b1, a51);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
    }

    private static void Rows1x8(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        byte* w2 = VectorAt(w, panelStride, 2) + k0 * Panel.Columns * TW.Size;
        byte* w3 = VectorAt(w, panelStride, 3) + k0 * Panel.Columns * TW.Size;
        byte* w4 = VectorAt(w, panelStride, 4) + k0 * Panel.Columns * TW.Size;
        byte* w5 = VectorAt(w, panelStride, 5) + k0 * Panel.Columns * TW.Size;
        byte* w6 = VectorAt(w, panelStride, 6) + k0 * Panel.Columns * TW.Size;
        byte* w7 = VectorAt(w, panelStride, 7) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0];
        TF a00, a01, a02, a03, a04, a05, a06, a07;
        if (first)
        {
            a00 = a01 = a02 = a03 = a04 = a05 = a06 = a07 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count); a02 = L.Load(c[0] + column + 2 * L.Count); a03 = L.Load(c[0] + column + 3 * L.Count); a04 = L.Load(c[0] + column + 4 * L.Count); a05 = L.Load(c[0] + column + 5 * L.Count); a06 = L.Load(c[0] + column + 6 * L.Count); a07 = L.Load(c[0] + column + 7 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1), b2 = TW.Load<L, TF, TU>(w2), b3 = TW.Load<L, TF, TU>(w3), b4 = TW.Load<L, TF, TU>(w4), b5 = TW.Load<L, TF, TU>(w5), b6 = TW.Load<L, TF, TU>(w6), b7 = TW.Load<L, TF, TU>(w7);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01); a02 = L.Fma(s0, b2, a02); a03 = L.Fma(s0, b3, a03); a04 = L.Fma(s0, b4, a04); a05 = L.Fma(s0, b5, a05); a06 = L.Fma(s0, b6, a06); a07 = L.Fma(s0, b7, a07);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size; w2 += Panel.Columns * TW.Size; w3 += Panel.Columns * TW.Size; w4 += Panel.Columns * TW.Size; w5 += Panel.Columns * TW.Size; w6 += Panel.Columns * TW.Size; w7 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count); L.Store(a02, c[0] + column + 2 * L.Count); L.Store(a03, c[0] + column + 3 * L.Count); L.Store(a04, c[0] + column + 4 * L.Count); L.Store(a05, c[0] + column + 5 * L.Count); L.Store(a06, c[0] + column + 6 * L.Count); L.Store(a07, c[0] + column + 7 * L.Count);
    }

    private static void Rows2x4(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        byte* w2 = VectorAt(w, panelStride, 2) + k0 * Panel.Columns * TW.Size;
        byte* w3 = VectorAt(w, panelStride, 3) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1];
        TF a00, a01, a02, a03, a10, a11, a12, a13;
        if (first)
        {
            a00 = a01 = a02 = a03 = a10 = a11 = a12 = a13 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count); a02 = L.Load(c[0] + column + 2 * L.Count); a03 = L.Load(c[0] + column + 3 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count); a12 = L.Load(c[1] + column + 2 * L.Count); a13 = L.Load(c[1] + column + 3 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1), b2 = TW.Load<L, TF, TU>(w2), b3 = TW.Load<L, TF, TU>(w3);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01); a02 = L.Fma(s0, b2, a02); a03 = L.Fma(s0, b3, a03);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11); a12 = L.Fma(s1, b2, a12); a13 = L.Fma(s1, b3, a13);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size; w2 += Panel.Columns * TW.Size; w3 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count); L.Store(a02, c[0] + column + 2 * L.Count); L.Store(a03, c[0] + column + 3 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count); L.Store(a12, c[1] + column + 2 * L.Count); L.Store(a13, c[1] + column + 3 * L.Count);
    }

    private static void Rows3x4(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        byte* w2 = VectorAt(w, panelStride, 2) + k0 * Panel.Columns * TW.Size;
        byte* w3 = VectorAt(w, panelStride, 3) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2];
        TF a00, a01, a02, a03, a10, a11, a12, a13, a20, a21, a22, a23;
        if (first)
        {
            a00 = a01 = a02 = a03 = a10 = a11 = a12 = a13 = a20 = a21 = a22 = a23 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count); a02 = L.Load(c[0] + column + 2 * L.Count); a03 = L.Load(c[0] + column + 3 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count); a12 = L.Load(c[1] + column + 2 * L.Count); a13 = L.Load(c[1] + column + 3 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count); a22 = L.Load(c[2] + column + 2 * L.Count); a23 = L.Load(c[2] + column + 3 * L.Count);
        }
        for (nint k = k0; k < k1; k++)
        {
            TF b0 = TW.Load<L, TF, TU>(w0), b1 = TW.Load<L, TF, TU>(w1), b2 = TW.Load<L, TF, TU>(w2), b3 = TW.Load<L, TF, TU>(w3);
            TF s0 = L.Broadcast(x0[k]);
            a00 = L.Fma(s0, b0, a00); a01 = L.Fma(s0, b1, a01); a02 = L.Fma(s0, b2, a02); a03 = L.Fma(s0, b3, a03);
            TF s1 = L.Broadcast(x1[k]);
            a10 = L.Fma(s1, b0, a10); a11 = L.Fma(s1, b1, a11); a12 = L.Fma(s1, b2, a12); a13 = L.Fma(s1, b3, a13);
            TF s2 = L.Broadcast(x2[k]);
            a20 = L.Fma(s2, b0, a20); a21 = L.Fma(s2, b1, a21); a22 = L.Fma(s2, b2, a22); a23 = L.Fma(s2, b3, a23);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size; w2 += Panel.Columns * TW.Size; w3 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count); L.Store(a02, c[0] + column + 2 * L.Count); L.Store(a03, c[0] + column + 3 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count); L.Store(a12, c[1] + column + 2 * L.Count); L.Store(a13, c[1] + column + 3 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count); L.Store(a22, c[2] + column + 2 * L.Count); L.Store(a23, c[2] + column + 3 * L.Count);
    }
}
