using System.Text;

namespace Evolute.Models.Gguf;

/// <summary>The keys and values at the beginning of a GGUF file, in the order they are added.</summary>
internal sealed class GgufMetadata
{
    private const int UInt32 = 4, Int32 = 5, Float32 = 6, Bool = 7, Text = 8, Array = 9;

    private readonly OrderedDictionary<string, Action<BinaryWriter>> _values = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    public void Add(string key, int value) => Add(key, checked((uint)value));

    public void Add(string key, uint value) => Add(key, UInt32, writer => writer.Write(value));

    public void Add(string key, double value) => Add(key, Float32, writer => writer.Write((float)value));

    public void Add(string key, bool value) => Add(key, Bool, writer => writer.Write(value));

    public void Add(string key, string value) => Add(key, Text, writer => Write(writer, value));

    public void Add(string key, IReadOnlyList<string> values) => AddArray(key, Text, values, Write);

    public void Add(string key, IReadOnlyList<int> values) => AddArray(key, Int32, values, (writer, value) => writer.Write(value));

    public void Add(string key, IReadOnlyList<float> values) => AddArray(key, Float32, values, (writer, value) => writer.Write(value));

    /// <summary>Writes all of them.</summary>
    public void Write(BinaryWriter writer)
    {
        foreach ((string key, Action<BinaryWriter> write) in _values)
        {
            Write(writer, key);
            write(writer);
        }
    }

    /// <summary>Writes a text the way the format does: its length in bytes, then UTF-8.</summary>
    public static void Write(BinaryWriter writer, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)utf8.Length);
        writer.Write(utf8);
    }

    private void Add(string key, int type, Action<BinaryWriter> value) => _values.Add(key, writer =>
    {
        writer.Write(type);
        value(writer);
    });

    private void AddArray<T>(string key, int type, IReadOnlyList<T> values, Action<BinaryWriter, T> write) => Add(key, Array, writer =>
    {
        writer.Write(type);
        writer.Write((ulong)values.Count);
        foreach (T value in values) write(writer, value);
    });
}
