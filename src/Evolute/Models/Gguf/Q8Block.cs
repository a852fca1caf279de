using System.Buffers.Binary;

namespace Evolute.Models.Gguf;

/// <summary>
/// ggml's q8_0: 32 values as signed bytes and a binary16 scale, the largest magnitude / 127. The bytes are rounded with the
/// scale in float32, before that itself is rounded, halves away from zero.
/// </summary>
internal static class Q8Block
{
    /// <summary>Values of a block.</summary>
    public const int Length = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 2 + Length;

    /// <summary>Encodes whole blocks.</summary>
    public static void Encode(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; values.Length > 0; values = values[Length..], blocks = blocks[Bytes..]) EncodeOne(values[..Length], blocks);
    }

    private static void EncodeOne(ReadOnlySpan<float> values, Span<byte> block)
    {
        float largest = 0;
        foreach (float value in values) largest = MathF.Max(largest, MathF.Abs(value));
        float scale = largest / 127, inverse = scale != 0 ? 1 / scale : 0;
        if (float.IsInfinity(inverse)) inverse = 0; // The scale is nothing in binary16 anyway.
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (int i = 0; i < Length; i++) block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
    }
}
