using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Evolute.Models;

/// <summary>
/// Two fingerprints of a model's master weights: SHA-256 for the record, and a cheap checksum for every iteration.
/// Neither depends on how the checkpoint was sharded or stored.
/// </summary>
public static class WeightsDigest
{
    private const int ChunkElements = 1 << 20;

    /// <summary>
    /// <c>weights_sha256</c>: SHA-256, in lower-case hex, over the tensors in ordinal order of their UTF-8 names, each as the name's length
    /// (u32), the name, the rank (u32), the dimensions (u64) and the float32 masters, all little-endian.
    /// </summary>
    public static string Sha256(WeightTable weights) => Sha256(weights, _ => StoredType.F32);

    /// <summary>
    /// <see cref="Sha256(WeightTable)"/> of the weights as a checkpoint gives them back that stores each tensor as
    /// <paramref name="storedAs"/> says.
    /// </summary>
    internal static string Sha256(WeightTable weights, Func<WeightTensor, StoredType> storedAs)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int most = (int)Math.Min(ChunkElements, weights.Tensors.Select(t => t.Length).DefaultIfEmpty().Max());
        float[] rounded = new float[most];
        ushort[] stored = new ushort[most];
        foreach (WeightTensor tensor in weights.Tensors)
        {
            hash.AppendData(Prefix(tensor));
            StoredType type = storedAs(tensor);
            for (long start = 0; start < tensor.Length; start += ChunkElements)
                hash.AppendData(type == StoredType.F32 ? Bytes(tensor, start) : Rounded(tensor, start, type, rounded, stored));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The cheap checksum of all weights: <see cref="Merge"/> of every tensor's <see cref="OfTensor"/>.
    /// </summary>
    public static ulong Checksum(WeightTable weights)
    {
        ulong[] tensors = new ulong[weights.Tensors.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = OfTensor(weights.Tensors[i]);
        return Merge(tensors);
    }

    /// <summary>
    /// XXH3-64 of the tensor's float32 masters (little-endian), seeded with its <see cref="WeightTensor.NoiseId"/> so that
    /// the name counts too. Tensors may be hashed in parallel.
    /// </summary>
    public static ulong OfTensor(WeightTensor tensor)
    {
        XxHash3 hash = new(unchecked((long)tensor.NoiseId));
        for (long start = 0; start < tensor.Length; start += ChunkElements) hash.Append(Bytes(tensor, start));
        return hash.GetCurrentHashAsUInt64();
    }

    /// <summary>
    /// XXH3-64, seed 0, of the tensors' checksums written as little-endian u64 one after another.
    /// </summary>
    /// <param name="tensors">One <see cref="OfTensor"/> for each tensor, in the order of <see cref="WeightTable.Tensors"/>.</param>
    public static ulong Merge(ReadOnlySpan<ulong> tensors)
    {
        XxHash3 hash = new();
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        foreach (ulong tensor in tensors)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, tensor);
            hash.Append(word);
        }
        return hash.GetCurrentHashAsUInt64();
    }

    private static byte[] Prefix(WeightTensor tensor)
    {
        byte[] name = Encoding.UTF8.GetBytes(tensor.Name);
        byte[] prefix = new byte[4 + name.Length + 4 + 8 * tensor.Shape.Count];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)name.Length);
        name.CopyTo(prefix, 4);
        Span<byte> rest = prefix.AsSpan(4 + name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)tensor.Shape.Count);
        for (int i = 0; i < tensor.Shape.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(4 + 8 * i)..], (ulong)tensor.Shape[i]);
        return prefix;
    }

    private static Span<byte> Rounded(WeightTensor tensor, long start, StoredType type, float[] rounded, ushort[] stored)
    {
        Span<float> values = tensor.Slice(start, (int)Math.Min(ChunkElements, tensor.Length - start));
        Span<ushort> narrow = stored.AsSpan(0, values.Length);
        FloatConversion.To16Bits(values, narrow, type);
        FloatConversion.From16Bits(narrow, rounded, type);
        return MemoryMarshal.AsBytes(rounded.AsSpan(0, values.Length));
    }

    private static Span<byte> Bytes(WeightTensor tensor, long start) =>
        MemoryMarshal.AsBytes(tensor.Slice(start, (int)Math.Min(ChunkElements, tensor.Length - start)));
}
