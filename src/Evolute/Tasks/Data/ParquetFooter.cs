using System.Buffers.Binary;

namespace Evolute.Tasks.Data;

/// <summary>
/// Looks at a Parquet file's footer before it is read in earnest: how large the description is, and how many and how deep the columns, which are read by recursion. The footer is Thrift's compact
/// form of FileMetaData (apache/parquet-format), whose second field is the flat list of the schema's elements.
/// </summary>
internal ref struct ParquetFooter
{
    /// <summary>How deep columns may lie in one another.</summary>
    public const int MaxDepth = 32;

    private const int MaxBytes = 64 << 20, MaxElements = 10_000, TailBytes = 8;
    private const int SchemaField = 2, ChildrenField = 5;
    private const int True = 1, False = 2, Byte = 3, Integer16 = 4, Integer32 = 5, Integer64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Checks a file and leaves it at its beginning.</summary>
    /// <returns>How many elements the schema has.</returns>
    /// <exception cref="InvalidDataException">It is no Parquet file, or larger in some way than is read.</exception>
    public static int Check(Stream file)
    {
        if (file.Length < TailBytes + 4) throw new InvalidDataException("it is too short");
        Span<byte> tail = stackalloc byte[TailBytes];
        file.Seek(-TailBytes, SeekOrigin.End);
        file.ReadExactly(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8)) throw new InvalidDataException("it does not end as one does");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > MaxBytes || length > file.Length - TailBytes - 4) throw new InvalidDataException("its description is larger than it can be");
        byte[] footer = new byte[length];
        file.Seek(-TailBytes - length, SeekOrigin.End);
        file.ReadExactly(footer);
        file.Seek(0, SeekOrigin.Begin);
        return new ParquetFooter(footer).Schema();
    }

    private int Schema()
    {
        for (int field = 0; Next(ref field, out int type);)
        {
            if (field == SchemaField && type == List) return Elements();
            Skip(type, 0);
        }
        throw new InvalidDataException("it describes no columns");
    }

    // The elements in the order of a walk through the tree, each with the number of its children.
    private int Elements()
    {
        (int type, int count) = ListHeader();
        if (type != Struct || count is < 1 or > MaxElements) throw new InvalidDataException($"it has more than {MaxElements} columns, or none");
        Stack<int> open = [];
        for (int i = 0; i < count; i++)
        {
            int children = 0;
            for (int field = 0; Next(ref field, out int kind);)
            {
                if (field == ChildrenField && kind == Integer32) children = (int)ZigZag();
                else Skip(kind, 0);
            }
            if (children < 0 || children > count) throw new InvalidDataException("its description does not fit together");
            // Those that are through stay until the next element, so that the number of open ones is the depth.
            while (open.TryPeek(out int left) && left == 0) open.Pop();
            if (open.TryPop(out int more)) open.Push(more - 1);
            if (children > 0) open.Push(children);
            if (open.Count > MaxDepth) throw new InvalidDataException($"its columns are deeper than {MaxDepth}");
        }
        return count;
    }

    /// <summary>Reads a field's header; false at the structure's end.</summary>
    private bool Next(ref int field, out int type)
    {
        int header = One();
        type = header & 15;
        if (header == 0) return false;
        field = header >> 4 != 0 ? field + (header >> 4) : (int)ZigZag();
        return true;
    }

    private void Skip(int type, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException("its description is too deep");
        switch (type)
        {
            case True or False:
                break;
            case Byte:
                One();
                break;
            case Integer16 or Integer32 or Integer64:
                ZigZag();
                break;
            case Double:
                Pass(8);
                break;
            case Binary:
                Pass(Number());
                break;
            case List or Set:
                (int item, int count) = ListHeader();
                // In a list a truth value is a byte.
                for (int i = 0; i < count; i++) Skip(item is True or False ? Byte : item, depth + 1);
                break;
            case Struct:
                for (int field = 0; Next(ref field, out int kind);) Skip(kind, depth + 1);
                break;
            case Map:
                ulong pairs = Math.Min(Number(), (ulong)_bytes.Length);
                int kinds = pairs == 0 ? 0 : One();
                for (ulong i = 0; i < pairs; i++)
                {
                    Skip(kinds >> 4, depth + 1);
                    Skip(kinds & 15, depth + 1);
                }
                break;
            default:
                throw new InvalidDataException("its description does not fit together");
        }
    }

    private (int Type, int Count) ListHeader()
    {
        int header = One();
        ulong count = header >> 4 == 15 ? Number() : (ulong)(header >> 4);
        return count <= (ulong)_bytes.Length ? (header & 15, (int)count) : throw new InvalidDataException("its description does not fit together");
    }

    private long ZigZag()
    {
        ulong number = Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private ulong Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int part = One();
            number |= (ulong)(part & 127) << shift;
            if (part < 128) return number;
        }
        throw new InvalidDataException("its description does not fit together");
    }

    private int One() => _at < _bytes.Length ? _bytes[_at++] : throw new InvalidDataException("its description breaks off");

    private void Pass(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at)) throw new InvalidDataException("its description breaks off");
        _at += (int)count;
    }
}
