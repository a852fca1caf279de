using System.Runtime.InteropServices;
using CsCheck;
using Evolute.Engines.Cpu.Kernels;

namespace Evolute.Tests.Engines;

public sealed unsafe class PanelTransposeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Row_r_element_k_goes_to_place_16k_plus_r_and_nothing_else_is_written(bool streaming) =>
        Gen.Select(Gen.Int[0, 16], Gen.Int[0, 70], Gen.Int[0, 5]).Sample((rowCount, count, slack) =>
        {
            int stride = count + slack;
            float[] rows = [.. Enumerable.Range(1, 16 * stride + 1).Select(i => (float)i)];
            int length = (count + 1) * Panel.Columns;
            float* panel = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
            try
            {
                new Span<float>(panel, length).Fill(-1);
                fixed (float* from = rows) PanelTranspose.Write(from, stride, rowCount, count, panel, streaming);
                for (int i = 0; i < length; i++)
                {
                    int k = i / Panel.Columns, row = i % Panel.Columns;
                    Assert.Equal(k < count && row < rowCount ? rows[row * stride + k] : -1, panel[i]);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(panel);
            }
        });
}
