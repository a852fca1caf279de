using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Tests.Engines;

/// <summary>The functions of activations and soft-caps against float64, and their bits at every width.</summary>
public unsafe class MathKernelTests
{
    private const int Count = 1 << 14;

    private static readonly float[] Values = [.. Enumerable.Range(0, Count - 6).Select(i => (i - Count / 2) * 0.0021f), 0f, -0f, 1e-30f, -1e-6f, 90f, -300f];

    [Theory, InlineData(1), InlineData(4), InlineData(8), InlineData(16)]
    public void Soft_caps_agree_with_float64(int lanes)
    {
        float[] capped = SoftCap(CpuKernels.OfWidth(lanes), Values, 1);
        for (int i = 0; i < Count; i++)
        {
            double expected = Math.Tanh(Values[i]);
            Assert.True(Math.Abs(capped[i] - expected) <= 3e-7 * Math.Abs(expected), $"tanh {Values[i]}: {capped[i]}, not {expected}");
        }
        Assert.Equal(capped.Select(BitConverter.SingleToUInt32Bits), SoftCap(CpuKernels.Best, Values, 1).Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(5 * Math.Tanh(0.4), SoftCap(CpuKernels.OfWidth(lanes), [.. Enumerable.Repeat(2f, 16)], 5)[3], 1e-6);
        Assert.All(SoftCap(CpuKernels.OfWidth(lanes), [.. Enumerable.Repeat(float.NaN, 16)], 5), v => Assert.True(float.IsNaN(v)));
    }

    [Theory]
    [InlineData(Activation.Silu), InlineData(Activation.GeluTanh), InlineData(Activation.Gelu)]
    public void Activations_agree_with_float64_at_every_width(Activation activation)
    {
        float[] best = Gate(CpuKernels.Best, activation);
        for (int i = 0; i < Count; i++)
        {
            double x = Values[i], expected = 2 * activation switch
            {
                Activation.Silu => x / (1 + Math.Exp(-x)),
                Activation.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
                _ => x * NormalShare(x),
            };
            Assert.True(Math.Abs(best[i] - expected) <= 4e-7 * (1 + Math.Abs(x)), $"{activation} {x}: {best[i]}, not {expected}");
        }
        foreach (int lanes in (int[])[1, 4, 8, 16])
            Assert.Equal(best.Select(BitConverter.SingleToUInt32Bits), Gate(CpuKernels.OfWidth(lanes), activation).Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>Φ(x): a half plus Marsaglia's series, whose terms are all positive.</summary>
    private static double NormalShare(double x)
    {
        if (Math.Abs(x) > 8) return x > 0 ? 1 : 0;
        double term = x, sum = x;
        for (int k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2) sum += term *= x * x / k;
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static float[] SoftCap(CpuKernels kernels, float[] values, float cap)
    {
        float[] x = [.. values];
        fixed (float* p = x) kernels.SoftCap(p, x.Length, cap);
        return x;
    }

    private static float[] Gate(CpuKernels kernels, Activation activation)
    {
        float[] up = [.. Enumerable.Repeat(2f, Count)], y = new float[Count];
        fixed (float* g = Values, u = up, p = y) kernels.Gate(activation, g, u, p, Count);
        return y;
    }
}
