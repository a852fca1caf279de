using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evolute.Models;

/// <summary>A tensor and the type to store it as.</summary>
internal readonly record struct TensorToStore(WeightTensor Tensor, StoredType Type)
{
    public long Bytes => checked(Tensor.Length * Type.Size());
}

/// <summary>
/// Writes safetensors as transformers does: tensors of wider types first, then by name, so that each is aligned to its type; the
/// header padded with spaces to a multiple of 8.
/// </summary>
internal static class SafetensorsWriter
{
    private const int ChunkElements = 1 << 18;
    private const int HeaderAlignment = 8;

    /// <summary>Writes a file in one step: whoever looks sees none, the old one, or the whole new one.</summary>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses, or a weight has no value in its stored type.</exception>
    public static void WriteFile(string path, IReadOnlyCollection<TensorToStore> tensors) =>
        DurableFile.Replace(path, stream => Write(stream, tensors));

    /// <summary>Writes a file's content.</summary>
    /// <exception cref="EvoluteFaultException">A weight has no value in its stored type; the sentence names it.</exception>
    public static void Write(Stream stream, IReadOnlyCollection<TensorToStore> tensors)
    {
        TensorToStore[] ordered = [.. tensors.OrderByDescending(t => t.Type.Size()).ThenBy(t => t.Type).ThenBy(t => t.Tensor.Name, Utf8Order.Instance)];
        stream.Write(Header(ordered));
        ushort[] buffer = new ushort[ChunkElements];
        foreach (TensorToStore tensor in ordered)
            for (long start = 0; start < tensor.Tensor.Length; start += ChunkElements)
                WriteChunk(stream, tensor, start, buffer);
    }

    private static byte[] Header(TensorToStore[] tensors)
    {
        using MemoryStream bytes = new();
        bytes.Write(stackalloc byte[sizeof(ulong)]);
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long at = 0;
            foreach (TensorToStore tensor in tensors)
            {
                json.WriteStartObject(tensor.Tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.Tensor.Shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at = checked(at + tensor.Bytes));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (bytes.Length % HeaderAlignment != 0) bytes.WriteByte((byte)' ');
        byte[] header = bytes.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - sizeof(ulong)));
        return header;
    }

    private static void WriteChunk(Stream stream, TensorToStore tensor, long start, ushort[] buffer)
    {
        Span<float> values = tensor.Tensor.Slice(start, (int)Math.Min(ChunkElements, tensor.Tensor.Length - start));
        int bad = FiniteScan.FirstBeyond(values, tensor.Type);
        if (bad >= 0) throw Unstorable(tensor, start + bad, values[bad]);
        if (tensor.Type == StoredType.F32)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<ushort> stored = buffer.AsSpan(0, values.Length);
        FloatConversion.To16Bits(values, stored, tensor.Type);
        stream.Write(MemoryMarshal.AsBytes(stored));
    }

    private static EvoluteFaultException Unstorable(TensorToStore tensor, long element, float value) => new(FormattableString.Invariant(
        $"Element {element} of tensor {Quoted.Text(tensor.Tensor.Name)} is {value}, which {(float.IsFinite(value) ? $"{tensor.Type.TorchName()} cannot hold; store the weights as float32" : "no checkpoint may hold; the training diverged: lower the learning rate or sigma")}."));
}
