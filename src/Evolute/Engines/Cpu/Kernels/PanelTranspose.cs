using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>Rows of a matrix into a panel: row r, element k to place k·16 + r.</summary>
internal static unsafe class PanelTranspose
{
    /// <summary>Writes <paramref name="count"/> elements of up to 16 rows.</summary>
    /// <param name="rows">Row r at rows + r·stride.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="rowCount">Rows there are; the panel's other columns stay as they are.</param>
    /// <param name="count">Elements of a row.</param>
    /// <param name="panel">Where the first element's columns stand; at a multiple of 64 bytes if streaming.</param>
    /// <param name="streaming">Past the caches: for matrices that will not be found there anyway, so that the panel is not read before it is written.</param>
    public static void Write(float* rows, nint stride, int rowCount, int count, float* panel, bool streaming)
    {
        int k = 0;
        if (rowCount == Panel.Columns && Avx.IsSupported)
            for (; k + 8 <= count; k += 8)
            {
                Square(rows + k, stride, panel + k * Panel.Columns, streaming);
                Square(rows + 8 * stride + k, stride, panel + k * Panel.Columns + 8, streaming);
            }
        for (; k < count; k++)
            for (int row = 0; row < rowCount; row++) panel[k * Panel.Columns + row] = rows[row * stride + k];
    }

    /// <summary>8 rows by 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* from, nint stride, float* to, bool streaming)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + stride), r2 = Vector256.Load(from + 2 * stride), r3 = Vector256.Load(from + 3 * stride);
        from += 4 * stride;
        Vector256<float> r4 = Vector256.Load(from), r5 = Vector256.Load(from + stride), r6 = Vector256.Load(from + 2 * stride), r7 = Vector256.Load(from + 3 * stride);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        const byte low = 0b01_00_01_00, high = 0b11_10_11_10;
        Vector256<float> b0 = Avx.Shuffle(a0, a2, low), b1 = Avx.Shuffle(a0, a2, high), b2 = Avx.Shuffle(a1, a3, low), b3 = Avx.Shuffle(a1, a3, high);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, low), b5 = Avx.Shuffle(a4, a6, high), b6 = Avx.Shuffle(a5, a7, low), b7 = Avx.Shuffle(a5, a7, high);
        const byte lowers = 0x20, uppers = 0x31;
        Store(Avx.Permute2x128(b0, b4, lowers), to, streaming);
        Store(Avx.Permute2x128(b1, b5, lowers), to + Panel.Columns, streaming);
        Store(Avx.Permute2x128(b2, b6, lowers), to + 2 * Panel.Columns, streaming);
        Store(Avx.Permute2x128(b3, b7, lowers), to + 3 * Panel.Columns, streaming);
        Store(Avx.Permute2x128(b0, b4, uppers), to + 4 * Panel.Columns, streaming);
        Store(Avx.Permute2x128(b1, b5, uppers), to + 5 * Panel.Columns, streaming);
        Store(Avx.Permute2x128(b2, b6, uppers), to + 6 * Panel.Columns, streaming);
        Store(Avx.Permute2x128(b3, b7, uppers), to + 7 * Panel.Columns, streaming);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> v, float* to, bool streaming)
    {
        if (streaming) Avx.StoreAlignedNonTemporal(to, v);
        else v.Store(to);
    }
}
