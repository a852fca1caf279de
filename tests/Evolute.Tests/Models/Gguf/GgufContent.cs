using System.Buffers.Binary;
using System.Text;

namespace Evolute.Tests.Models.Gguf;

/// <summary>A tensor as it stands in a GGUF file.</summary>
internal sealed record GgufEntry(long[] Shape, uint Type, byte[] Data)
{
    /// <summary>The values, decoded by the format's definition.</summary>
    public float[] Values()
    {
        long count = Shape.Aggregate(1L, (a, b) => a * b);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = Type switch
            {
                0 => BinaryPrimitives.ReadSingleLittleEndian(Data.AsSpan(4 * i)),
                1 => (float)BinaryPrimitives.ReadHalfLittleEndian(Data.AsSpan(2 * i)),
                30 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(Data.AsSpan(2 * i)) << 16),
                8 => (float)BinaryPrimitives.ReadHalfLittleEndian(Data.AsSpan(i / 32 * 34)) * (sbyte)Data[i / 32 * 34 + 2 + i % 32],
                _ => throw new InvalidDataException($"type {Type}"),
            };
        return values;
    }
}

/// <summary>Reads a GGUF file by the format's published description, without the project's writer.</summary>
internal sealed class GgufContent
{
    private readonly byte[] _bytes;
    private int _at;

    private GgufContent(byte[] bytes) => _bytes = bytes;

    public Dictionary<string, object> Keys { get; } = [];

    public Dictionary<string, GgufEntry> Tensors { get; } = [];

    public static GgufContent Read(byte[] bytes)
    {
        GgufContent file = new(bytes);
        Assert.Equal("GGUF", Encoding.ASCII.GetString(file.Take(4)));
        Assert.Equal(3u, file.U32());
        long tensors = (long)file.U64(), keys = (long)file.U64();
        for (long i = 0; i < keys; i++)
        {
            string key = file.Text();
            file.Keys.Add(key, file.Value(file.U32()));
        }
        List<(string Name, long[] Shape, uint Type, long Offset)> table = [];
        for (long i = 0; i < tensors; i++)
        {
            string name = file.Text();
            long[] inner = new long[file.U32()];
            for (int d = 0; d < inner.Length; d++) inner[d] = (long)file.U64();
            table.Add((name, [.. inner.Reverse()], file.U32(), (long)file.U64()));
        }
        file.ReadData(table);
        return file;
    }

    /// <summary>Data begins at a multiple of 32, each tensor at one after it, in order and without gaps, and the file ends there.</summary>
    private void ReadData(List<(string Name, long[] Shape, uint Type, long Offset)> table)
    {
        int start = Aligned(_at);
        Assert.All(_bytes[_at..start], b => Assert.Equal(0, b));
        int next = 0;
        foreach ((string name, long[] shape, uint type, long offset) in table)
        {
            Assert.Equal(next, offset);
            int count = (int)shape.Aggregate(1L, (a, b) => a * b);
            int length = type switch { 0 => 4 * count, 8 => count / 32 * 34, _ => 2 * count };
            Tensors.Add(name, new GgufEntry(shape, type, _bytes[(start + next)..(start + next + length)]));
            next = Aligned(next + length);
        }
        Assert.Equal(start + next, _bytes.Length);
    }

    private object Value(uint type) => type switch
    {
        4 => U32(),
        5 => (int)U32(),
        6 => BitConverter.UInt32BitsToSingle(U32()),
        7 => Take(1)[0] == 1,
        8 => Text(),
        9 => List(),
        _ => throw new InvalidDataException($"value type {type}"),
    };

    private object[] List()
    {
        uint type = U32();
        object[] values = new object[U64()];
        for (int i = 0; i < values.Length; i++) values[i] = Value(type);
        return values;
    }

    private static int Aligned(int at) => (at + 31) / 32 * 32;

    private uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private string Text() => Encoding.UTF8.GetString(Take((int)U64()));

    private ReadOnlySpan<byte> Take(int count)
    {
        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }
}
