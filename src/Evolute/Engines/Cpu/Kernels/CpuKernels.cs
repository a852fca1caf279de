using System.Runtime.Intrinsics;
using Evolute.Models;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>The kernels at one vector width, behind one call each; all widths give the same bits.</summary>
internal abstract unsafe class CpuKernels
{
    /// <summary>The kernels for this machine.</summary>
    public static CpuKernels Best { get; } = OfWidth(VectorWidth.Best);

    public static CpuKernels OfWidth(int lanes) => lanes switch
    {
        1 => new CpuKernels<Lanes1, float, uint>(),
        4 => new CpuKernels<Lanes4, Vector128<float>, Vector128<uint>>(),
        8 => new CpuKernels<Lanes8, Vector256<float>, Vector256<uint>>(),
        16 => new CpuKernels<Lanes16, Vector512<float>, Vector512<uint>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes)),
    };

    /// <summary>c = x·wᵀ; unless <paramref name="first"/>, the sums go on from what c holds.</summary>
    public abstract void Multiply(PackedType type, float* x, nint ldx, byte* w, nint k, float* c, nint ldc, int rows, int column0, int column1, bool first = true);

    /// <summary>For each row t[j] = scale · x·b[j], with its member's b and scale.</summary>
    public abstract void Dots(in FactorRows rows, float* x, nint ldx, float* b, nint stride, int n, float* scales);

    /// <summary>For each row y += Σ t[j]·a[j] in order, with its member's a; n is a multiple of 32.</summary>
    public abstract void AddRanks(in FactorRows rows, int firstTerm, float* a, nint stride, int rank, float* y, nint ldy, int n);

    public abstract void RmsNorm(float* x, float* weight, float epsilon, float* y, int n);

    public abstract void Add(float* x, float* y, int n);

    public abstract void AddScaled(float* x, float share, float* y, int n);

    /// <summary>y = f(gate) · up; n is rounded up to a multiple of 16.</summary>
    public abstract void Gate(Activation activation, float* gate, float* up, float* y, int n);

    /// <summary>x = cap · tanh(x / cap); n is rounded up to a multiple of 16.</summary>
    public abstract void SoftCap(float* x, int n, float cap);

    public abstract void Rotate(float* x, float* cos, float* sin, int half);

    public abstract void Attend(ref AttentionWork work);

    public abstract long AttentionScratch(int capacity, int headSize);

    public abstract float Softmax(float* scores, int n, float scale);

    /// <summary>The index of the greatest value, the first of equals, or −1 where it is not above a bound; NaN is never greatest and no bound.</summary>
    public abstract int ArgMax(float* values, int n, float above = float.NaN);
}

/// <inheritdoc/>
internal sealed unsafe class CpuKernels<L, TF, TU> : CpuKernels
    where L : struct, ILanes<TF, TU>
    where TF : unmanaged
    where TU : unmanaged
{
    public override void Multiply(PackedType type, float* x, nint ldx, byte* w, nint k, float* c, nint ldc, int rows, int column0, int column1, bool first = true)
    {
        if (type == PackedType.Bfloat16) GemmKernel<L, TF, TU, BFloat16Weights>.Multiply(x, ldx, w, k, c, ldc, rows, column0, column1, first);
        else GemmKernel<L, TF, TU, Float32Weights>.Multiply(x, ldx, w, k, c, ldc, rows, column0, column1, first);
    }

    public override void Dots(in FactorRows rows, float* x, nint ldx, float* b, nint stride, int n, float* scales) => FactorKernels<L, TF, TU>.Dots(rows, x, ldx, b, stride, n, scales);

    public override void AddRanks(in FactorRows rows, int firstTerm, float* a, nint stride, int rank, float* y, nint ldy, int n) =>
        FactorKernels<L, TF, TU>.AddRanks(rows, firstTerm, a, stride, rank, y, ldy, n);

    public override void RmsNorm(float* x, float* weight, float epsilon, float* y, int n) => RowKernels<L, TF, TU>.RmsNorm(x, weight, epsilon, y, n);

    public override void Add(float* x, float* y, int n) => RowKernels<L, TF, TU>.Add(x, y, n);

    public override void AddScaled(float* x, float share, float* y, int n) => RowKernels<L, TF, TU>.AddScaled(x, share, y, n);

    public override void Gate(Activation activation, float* gate, float* up, float* y, int n)
    {
        switch (activation)
        {
            case Activation.Silu: ActivationKernels<L, TF, TU>.SiluMultiply(gate, up, y, n); break;
            case Activation.GeluTanh: ActivationKernels<L, TF, TU>.GeluTanhMultiply(gate, up, y, n); break;
            case Activation.Gelu: ActivationKernels<L, TF, TU>.GeluMultiply(gate, up, y, n); break;
            case Activation.Relu: ActivationKernels<L, TF, TU>.ReluMultiply(gate, up, y, n); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    public override void SoftCap(float* x, int n, float cap) => ActivationKernels<L, TF, TU>.SoftCap(x, n, 1, cap);

    public override void Rotate(float* x, float* cos, float* sin, int half) => RowKernels<L, TF, TU>.Rotate(x, cos, sin, half);

    public override void Attend(ref AttentionWork work) => AttentionKernel<L, TF, TU>.Attend(ref work);

    public override long AttentionScratch(int capacity, int headSize) => AttentionKernel<L, TF, TU>.ScratchLength(capacity, headSize);

    public override float Softmax(float* scores, int n, float scale) => RowKernels<L, TF, TU>.Softmax(scores, n, scale);

    public override int ArgMax(float* values, int n, float above = float.NaN) => RowKernels<L, TF, TU>.ArgMax(values, n, above);
}
