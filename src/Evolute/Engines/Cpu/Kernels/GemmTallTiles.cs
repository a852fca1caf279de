using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>The narrow tiles of 7 to 12 rows, for machines with 32 vector registers; as <see cref="GemmTiles{L, TF, TU, TW}"/> otherwise.</summary>
internal static unsafe class GemmTallTiles<L, TF, TU, TW>
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
    where TW : struct, IPanelWeights
{
    public static void Run(int rows, float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        switch (rows)
        {
            case 7: Rows7x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 8: Rows8x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 9: Rows9x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 10: Rows10x2(x, w, panelStride, c, column, k0, k1, first); break;
            case 11: Rows11x2(x, w, panelStride, c, column, k0, k1, first); break;
            default: Rows12x2(x, w, panelStride, c, column, k0, k1, first); break;
        }
    }

    private static void Rows7x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
    }

    private static void Rows8x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6]; float* x7 = x[7];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61, a70, a71;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = a70 = a71 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
            a70 = L.Load(c[7] + column + 0 * L.Count); a71 = L.Load(c[7] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            TF s7 = L.Broadcast(x7[k]);
            a70 = L.Fma(s7, b0, a70); a71 = L.Fma(s7, b1, a71);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
        L.Store(a70, c[7] + column + 0 * L.Count); L.Store(a71, c[7] + column + 1 * L.Count);
    }

    private static void Rows9x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6]; float* x7 = x[7]; float* x8 = x[8];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61, a70, a71, a80, a81;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = a70 = a71 = a80 = a81 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
            a70 = L.Load(c[7] + column + 0 * L.Count); a71 = L.Load(c[7] + column + 1 * L.Count);
            a80 = L.Load(c[8] + column + 0 * L.Count); a81 = L.Load(c[8] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            TF s7 = L.Broadcast(x7[k]);
            a70 = L.Fma(s7, b0, a70); a71 = L.Fma(s7, b1, a71);
            TF s8 = L.Broadcast(x8[k]);
            a80 = L.Fma(s8, b0, a80); a81 = L.Fma(s8, b1, a81);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
        L.Store(a70, c[7] + column + 0 * L.Count); L.Store(a71, c[7] + column + 1 * L.Count);
        L.Store(a80, c[8] + column + 0 * L.Count); L.Store(a81, c[8] + column + 1 * L.Count);
    }

    private static void Rows10x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6]; float* x7 = x[7]; float* x8 = x[8]; float* x9 = x[9];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61, a70, a71, a80, a81, a90, a91;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = a70 = a71 = a80 = a81 = a90 = a91 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
            a70 = L.Load(c[7] + column + 0 * L.Count); a71 = L.Load(c[7] + column + 1 * L.Count);
            a80 = L.Load(c[8] + column + 0 * L.Count); a81 = L.Load(c[8] + column + 1 * L.Count);
            a90 = L.Load(c[9] + column + 0 * L.Count); a91 = L.Load(c[9] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            TF s7 = L.Broadcast(x7[k]);
            a70 = L.Fma(s7, b0, a70); a71 = L.Fma(s7, b1, a71);
            TF s8 = L.Broadcast(x8[k]);
            a80 = L.Fma(s8, b0, a80); a81 = L.Fma(s8, b1, a81);
            TF s9 = L.Broadcast(x9[k]);
            a90 = L.Fma(s9, b0, a90); a91 = L.Fma(s9, b1, a91);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
        L.Store(a70, c[7] + column + 0 * L.Count); L.Store(a71, c[7] + column + 1 * L.Count);
        L.Store(a80, c[8] + column + 0 * L.Count); L.Store(a81, c[8] + column + 1 * L.Count);
        L.Store(a90, c[9] + column + 0 * L.Count); L.Store(a91, c[9] + column + 1 * L.Count);
    }

    private static void Rows11x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6]; float* x7 = x[7]; float* x8 = x[8]; float* x9 = x[9]; float* x10 = x[10];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61, a70, a71, a80, a81, a90, a91, aa0, aa1;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = a70 = a71 = a80 = a81 = a90 = a91 = aa0 = aa1 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
            a70 = L.Load(c[7] + column + 0 * L.Count); a71 = L.Load(c[7] + column + 1 * L.Count);
            a80 = L.Load(c[8] + column + 0 * L.Count); a81 = L.Load(c[8] + column + 1 * L.Count);
            a90 = L.Load(c[9] + column + 0 * L.Count); a91 = L.Load(c[9] + column + 1 * L.Count);
            aa0 = L.Load(c[10] + column + 0 * L.Count); aa1 = L.Load(c[10] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            TF s7 = L.Broadcast(x7[k]);
            a70 = L.Fma(s7, b0, a70); a71 = L.Fma(s7, b1, a71);
            TF s8 = L.Broadcast(x8[k]);
            a80 = L.Fma(s8, b0, a80); a81 = L.Fma(s8, b1, a81);
            TF s9 = L.Broadcast(x9[k]);
            a90 = L.Fma(s9, b0, a90); a91 = L.Fma(s9, b1, a91);
            TF s10 = L.Broadcast(x10[k]);
            aa0 = L.Fma(s10, b0, aa0); aa1 = L.Fma(s10, b1, aa1);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
        L.Store(a70, c[7] + column + 0 * L.Count); L.Store(a71, c[7] + column + 1 * L.Count);
        L.Store(a80, c[8] + column + 0 * L.Count); L.Store(a81, c[8] + column + 1 * L.Count);
        L.Store(a90, c[9] + column + 0 * L.Count); L.Store(a91, c[9] + column + 1 * L.Count);
        L.Store(aa0, c[10] + column + 0 * L.Count); L.Store(aa1, c[10] + column + 1 * L.Count);
    }

    private static void Rows12x2(float** x, byte* w, nint panelStride, float** c, nint column, nint k0, nint k1, bool first)
    {
        byte* w0 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 0) + k0 * Panel.Columns * TW.Size;
        byte* w1 = GemmTiles<L, TF, TU, TW>.VectorAt(w, panelStride, 1) + k0 * Panel.Columns * TW.Size;
        float* x0 = x[0]; float* x1 = x[1]; float* x2 = x[2]; float* x3 = x[3]; float* x4 = x[4]; float* x5 = x[5]; float* x6 = x[6]; float* x7 = x[7]; float* x8 = x[8]; float* x9 = x[9]; float* x10 = x[10]; float* x11 = x[11];
        TF a00, a01, a10, a11, a20, a21, a30, a31, a40, a41, a50, a51, a60, a61, a70, a71, a80, a81, a90, a91, aa0, aa1, ab0, ab1;
        if (first)
        {
            a00 = a01 = a10 = a11 = a20 = a21 = a30 = a31 = a40 = a41 = a50 = a51 = a60 = a61 = a70 = a71 = a80 = a81 = a90 = a91 = aa0 = aa1 = ab0 = ab1 = L.Broadcast(0);
        }
        else
        {
            a00 = L.Load(c[0] + column + 0 * L.Count); a01 = L.Load(c[0] + column + 1 * L.Count);
            a10 = L.Load(c[1] + column + 0 * L.Count); a11 = L.Load(c[1] + column + 1 * L.Count);
            a20 = L.Load(c[2] + column + 0 * L.Count); a21 = L.Load(c[2] + column + 1 * L.Count);
            a30 = L.Load(c[3] + column + 0 * L.Count); a31 = L.Load(c[3] + column + 1 * L.Count);
            a40 = L.Load(c[4] + column + 0 * L.Count); a41 = L.Load(c[4] + column + 1 * L.Count);
            a50 = L.Load(c[5] + column + 0 * L.Count); a51 = L.Load(c[5] + column + 1 * L.Count);
            a60 = L.Load(c[6] + column + 0 * L.Count); a61 = L.Load(c[6] + column + 1 * L.Count);
            a70 = L.Load(c[7] + column + 0 * L.Count); a71 = L.Load(c[7] + column + 1 * L.Count);
            a80 = L.Load(c[8] + column + 0 * L.Count); a81 = L.Load(c[8] + column + 1 * L.Count);
            a90 = L.Load(c[9] + column + 0 * L.Count); a91 = L.Load(c[9] + column + 1 * L.Count);
            aa0 = L.Load(c[10] + column + 0 * L.Count); aa1 = L.Load(c[10] + column + 1 * L.Count);
            ab0 = L.Load(c[11] + column + 0 * L.Count); ab1 = L.Load(c[11] + column + 1 * L.Count);
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
            TF s6 = L.Broadcast(x6[k]);
            a60 = L.Fma(s6, b0, a60); a61 = L.Fma(s6, b1, a61);
            TF s7 = L.Broadcast(x7[k]);
            a70 = L.Fma(s7, b0, a70); a71 = L.Fma(s7, b1, a71);
            TF s8 = L.Broadcast(x8[k]);
            a80 = L.Fma(s8, b0, a80); a81 = L.Fma(s8, b1, a81);
            TF s9 = L.Broadcast(x9[k]);
            a90 = L.Fma(s9, b0, a90); a91 = L.Fma(s9, b1, a91);
            TF s10 = L.Broadcast(x10[k]);
            aa0 = L.Fma(s10, b0, aa0); aa1 = L.Fma(s10, b1, aa1);
            TF s11 = L.Broadcast(x11[k]);
            ab0 = L.Fma(s11, b0, ab0); ab1 = L.Fma(s11, b1, ab1);
            w0 += Panel.Columns * TW.Size; w1 += Panel.Columns * TW.Size;
        }
        L.Store(a00, c[0] + column + 0 * L.Count); L.Store(a01, c[0] + column + 1 * L.Count);
        L.Store(a10, c[1] + column + 0 * L.Count); L.Store(a11, c[1] + column + 1 * L.Count);
        L.Store(a20, c[2] + column + 0 * L.Count); L.Store(a21, c[2] + column + 1 * L.Count);
        L.Store(a30, c[3] + column + 0 * L.Count); L.Store(a31, c[3] + column + 1 * L.Count);
        L.Store(a40, c[4] + column + 0 * L.Count); L.Store(a41, c[4] + column + 1 * L.Count);
        L.Store(a50, c[5] + column + 0 * L.Count); L.Store(a51, c[5] + column + 1 * L.Count);
        L.Store(a60, c[6] + column + 0 * L.Count); L.Store(a61, c[6] + column + 1 * L.Count);
        L.Store(a70, c[7] + column + 0 * L.Count); L.Store(a71, c[7] + column + 1 * L.Count);
        L.Store(a80, c[8] + column + 0 * L.Count); L.Store(a81, c[8] + column + 1 * L.Count);
        L.Store(a90, c[9] + column + 0 * L.Count); L.Store(a91, c[9] + column + 1 * L.Count);
        L.Store(aa0, c[10] + column + 0 * L.Count); L.Store(aa1, c[10] + column + 1 * L.Count);
        L.Store(ab0, c[11] + column + 0 * L.Count); L.Store(ab1, c[11] + column + 1 * L.Count);
    }
}
