using System.Text;

namespace Evolute.Noise;

/// <summary>Identifies a tensor in the noise definition by the FNV-1a 64 hash of its name's UTF-8 bytes.</summary>
public static class TensorId
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a 64 of <paramref name="name"/>; tied weights use the input embedding's name.</summary>
    public static ulong Of(string name) => Fnv1a64(Encoding.UTF8.GetBytes(name));

    /// <summary>Of the low-rank factor A of a tensor: its name with "#A" behind.</summary>
    /// <param name="tensor">The tensor's own.</param>
    public static ulong FactorA(ulong tensor) => GoOn(tensor, "#A"u8);

    /// <summary>Of the low-rank factor B of a tensor: its name with "#B" behind.</summary>
    /// <param name="tensor">The tensor's own.</param>
    public static ulong FactorB(ulong tensor) => GoOn(tensor, "#B"u8);

    /// <summary>FNV-1a 64 (Fowler, Noll, Vo) of <paramref name="bytes"/>.</summary>
    public static ulong Fnv1a64(ReadOnlySpan<byte> bytes) => GoOn(OffsetBasis, bytes);

    private static ulong GoOn(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) hash = (hash ^ b) * Prime;
        return hash;
    }
}
