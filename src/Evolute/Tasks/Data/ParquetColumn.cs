using System.Globalization;
using System.Text.Json;
using Parquet.Data;
using Parquet.Schema;

namespace Evolute.Tasks.Data;

/// <summary>
/// One leaf column of a row group, read from front to back. An entry's definition level says how much of its path is there, its repetition level which list it goes on with (the Dremel paper's
/// encoding, as Parquet stores it).
/// </summary>
internal sealed class ParquetColumn
{
    private readonly DataField _field;
    private readonly int[]? _definitions, _repetitions;
    private readonly Action<Utf8JsonWriter, int> _write;
    private readonly int _entries, _values;
    private int _next, _nextValue;

    /// <summary>Takes a column's levels and values over.</summary>
    /// <exception cref="InvalidDataException">They do not belong together.</exception>
    public ParquetColumn(DataField field, RawColumnData data)
    {
        _field = field;
        // A column without a level of its own has none in the file. Values that are there stand at the front, and there may be room for more.
        _definitions = field.MaxDefinitionLevel > 0 ? data.DefinitionLevels.ToArray() : null;
        _repetitions = field.MaxRepetitionLevel > 0 ? data.RepetitionLevels.ToArray() : null;
        (_write, _values) = Values(data);
        _entries = _definitions?.Length ?? _values;
        if (_repetitions is not null && _repetitions.Length != _entries || _definitions is not null && _definitions.Count(d => d == field.MaxDefinitionLevel) > _values)
            throw new InvalidDataException("levels and values do not belong together");
    }

    /// <summary>How much of its path the next entry has.</summary>
    public int Definition => _next >= _entries ? throw new InvalidDataException("a column ends before its rows") : _definitions?[_next] ?? 0;

    /// <summary>Whether all entries were read.</summary>
    public bool AtEnd => _next == _entries;

    /// <summary>Whether the next entry goes on with a list.</summary>
    /// <param name="level">The list's repetition level.</param>
    public bool Continues(int level) => _next < _entries && _repetitions![_next] >= level;

    /// <summary>Passes an entry without a value over.</summary>
    public void Skip()
    {
        if (Definition == _field.MaxDefinitionLevel) throw new InvalidDataException("a value stands where there is none");
        _next++;
    }

    /// <summary>Writes the next entry's value, or null.</summary>
    public void Write(Utf8JsonWriter json)
    {
        bool present = Definition == _field.MaxDefinitionLevel;
        _next++;
        if (present) _write(json, _nextValue++);
        else json.WriteNullValue();
    }

    /// <summary>The next entry's value as the name of a member.</summary>
    public string TakeName()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes)) Write(json);
        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).ToString();
    }

    private static (Action<Utf8JsonWriter, int> Write, int Count) Values(RawColumnData data) => data switch
    {
        RawColumnData<ReadOnlyMemory<char>> d => Of(d, (json, v) => json.WriteStringValue(v.Span)),
        RawColumnData<ReadOnlyMemory<byte>> d => Of(d, (json, v) => json.WriteBase64StringValue(v.Span)),
        RawColumnData<bool> d => Of(d, (json, v) => json.WriteBooleanValue(v)),
        RawColumnData<sbyte> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<byte> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<short> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<ushort> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<int> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<uint> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<long> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<ulong> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        RawColumnData<decimal> d => Of(d, (json, v) => json.WriteNumberValue(v)),
        // JSON has no name for what is no number.
        RawColumnData<float> d => Of(d, (json, v) => Finite(json, v, float.IsFinite(v))),
        RawColumnData<double> d => Of(d, (json, v) => Finite(json, v, double.IsFinite(v))),
        RawColumnData<DateTime> d => Of(d, (json, v) => json.WriteStringValue(v.ToString("O", CultureInfo.InvariantCulture))),
        RawColumnData<DateOnly> d => Of(d, (json, v) => json.WriteStringValue(v.ToString("O", CultureInfo.InvariantCulture))),
        RawColumnData<TimeOnly> d => Of(d, (json, v) => json.WriteStringValue(v.ToString("O", CultureInfo.InvariantCulture))),
        RawColumnData<TimeSpan> d => Of(d, (json, v) => json.WriteStringValue(v.ToString("c", CultureInfo.InvariantCulture))),
        RawColumnData<Guid> d => Of(d, (json, v) => json.WriteStringValue(v)),
        _ => throw new InvalidDataException("its type is not read"),
    };

    private static void Finite(Utf8JsonWriter json, double value, bool finite)
    {
        if (finite) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    private static (Action<Utf8JsonWriter, int>, int) Of<T>(RawColumnData<T> data, Action<Utf8JsonWriter, T> write) where T : struct
    {
        // Text is a view of a buffer that is given back, so it is copied where it is kept.
        T[] values = data.Values.ToArray();
        if (values is ReadOnlyMemory<char>[] texts) for (int i = 0; i < texts.Length; i++) texts[i] = texts[i].ToArray();
        if (values is ReadOnlyMemory<byte>[] blobs) for (int i = 0; i < blobs.Length; i++) blobs[i] = blobs[i].ToArray();
        return ((json, i) => write(json, values[i]), values.Length);
    }
}
