using System.Runtime.CompilerServices;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu.Kernels;

/// <summary>The type that panels hold their weights in; tiles compute in float32 whatever it is.</summary>
internal unsafe interface IPanelWeights
{
    /// <summary>Bytes of a weight.</summary>
    static abstract int Size { get; }

    /// <summary>As many neighbouring weights as <typeparamref name="L"/> has lanes.</summary>
    static abstract TF Load<L, TF, TU>(byte* p)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged;
}

/// <summary>Panels of float32.</summary>
internal readonly unsafe struct Float32Weights : IPanelWeights
{
    public static int Size => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TF Load<L, TF, TU>(byte* p)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged => L.Load((float*)p);
}

/// <summary>Panels of bfloat16.</summary>
internal readonly unsafe struct BFloat16Weights : IPanelWeights
{
    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TF Load<L, TF, TU>(byte* p)
        where L : struct, ILanes<TF, TU>
        where TF : unmanaged
        where TU : unmanaged => L.LoadBFloat16((ushort*)p);
}
