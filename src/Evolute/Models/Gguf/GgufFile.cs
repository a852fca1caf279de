using System.Runtime.InteropServices;

namespace Evolute.Models.Gguf;

/// <summary>Writes the GGUF format, version 3: metadata, a table of tensors, and their data, each at a multiple of 32 bytes.</summary>
internal static class GgufFile
{
    private const uint Version = 3;
    private const int Alignment = 32;
    private const int PieceBytes = 1 << 20;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="metadata">Keys and values.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="written">Told the bytes of each piece of data.</param>
    /// <param name="stop">Ends the work.</param>
    public static void Write(Stream stream, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors, Action<long> written, CancellationToken stop)
    {
        WriteHead(stream, metadata, tensors);
        foreach (GgufTensor tensor in tensors)
        {
            WriteRows(stream, tensor, written, stop);
            Pad(stream, tensor.Bytes);
        }
    }

    private static void WriteHead(Stream stream, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors)
    {
        using MemoryStream head = new();
        using BinaryWriter writer = new(head);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        metadata.Write(writer);
        long offset = 0;
        foreach (GgufTensor tensor in tensors)
        {
            GgufMetadata.Write(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Count);
            foreach (long dimension in tensor.Shape.Reverse()) writer.Write((ulong)dimension); // innermost first
            writer.Write((uint)tensor.Type);
            writer.Write((ulong)offset);
            offset = Aligned(offset + tensor.Bytes);
        }
        stream.Write(head.GetBuffer().AsSpan(0, (int)head.Length));
        Pad(stream, head.Length);
    }

    private static void WriteRows(Stream stream, GgufTensor tensor, Action<long> written, CancellationToken stop)
    {
        int rowBytes = checked((int)tensor.Type.RowBytes(tensor.RowLength));
        int rowsAtOnce = Math.Max(1, PieceBytes / Math.Max(1, rowBytes));
        float[] row = new float[tensor.RowLength];
        byte[] piece = new byte[checked(rowsAtOnce * rowBytes)];
        for (long first = 0; first < tensor.Rows; first += rowsAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int rows = (int)Math.Min(rowsAtOnce, tensor.Rows - first);
            for (int i = 0; i < rows; i++)
            {
                tensor.ReadRow(first + i, row);
                Encode(row, piece.AsSpan(i * rowBytes, rowBytes), tensor);
            }
            stream.Write(piece.AsSpan(0, rows * rowBytes));
            written(rows * rowBytes);
        }
    }

    private static void Encode(ReadOnlySpan<float> row, Span<byte> target, GgufTensor tensor)
    {
        switch (tensor.Type)
        {
            case GgufType.F32: row.CopyTo(MemoryMarshal.Cast<byte, float>(target)); break;
            case GgufType.F16: FloatConversion.ToFloat16(row, MemoryMarshal.Cast<byte, ushort>(target)); break;
            case GgufType.BF16: FloatConversion.ToBFloat16(row, MemoryMarshal.Cast<byte, ushort>(target)); break;
            default: Q8Block.Encode(row, target); break;
        }
        if (tensor.Type is GgufType.F16 or GgufType.Q8_0) RequireFinite(row, tensor);
    }

    /// <summary>binary16 ends at 65,504: what is beyond would become infinity, or a scale of infinity.</summary>
    private static void RequireFinite(ReadOnlySpan<float> row, GgufTensor tensor)
    {
        float most = (float)Half.MaxValue * (tensor.Type == GgufType.Q8_0 ? 127 : 1);
        foreach (float value in row)
            if (MathF.Abs(value) > most)
                throw new EvoluteFaultException($"{tensor.Name}: the value {value.ToString(System.Globalization.CultureInfo.InvariantCulture)} is too large for this type; export as bf16 or f32.");
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private static void Pad(Stream stream, long length) => stream.Write(new byte[Aligned(length) - length]);
}
