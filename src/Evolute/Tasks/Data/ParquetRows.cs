using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Evolute.Tasks.Data;

/// <summary>
/// Reads a Parquet file as the rows that the same data has as JSONL, a row group at a time. Structs are objects, lists arrays, maps objects; bytes are base64, dates and times ISO 8601 text;
/// numbers that JSON has not (NaN) are null.
/// </summary>
internal static class ParquetRows
{
    private const int MaxDepth = ParquetFooter.MaxDepth;
    private const long MaxGroupBytes = 2L << 30, MaxGroupValues = 1L << 27;

    private static readonly JsonDocumentOptions Unique = new() { MaxDepth = 2 * MaxDepth, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads rows as they come.</summary>
    /// <param name="stream">The file; it can be sought in.</param>
    /// <param name="path">Its name for error sentences.</param>
    /// <exception cref="EvoluteInputException">The file is no Parquet file, is damaged, or is larger in some way than is read.</exception>
    public static IEnumerable<DatasetRow> Read(Stream stream, string path)
    {
        Guarded(path, () => ParquetFooter.Check(stream));
        ParquetReader reader = Guarded(path, () => ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult());
        try
        {
            long number = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                (long rows, Dictionary<string, ParquetColumn> columns) = Guarded(path, () => Group(reader, group, path));
                for (long row = 0; row < rows; row++)
                {
                    string place = $"{path}, row {++number}";
                    // Columns are read side by side, so a row that cannot be read ends the file.
                    JsonElement element = Guarded(path, () => Row(reader.Schema, columns, place));
                    yield return new(place, () => element);
                }
                if (columns.Values.Any(c => !c.AtEnd)) throw Damaged(path, "a column goes on behind its rows");
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static (long Rows, Dictionary<string, ParquetColumn> Columns) Group(ParquetReader reader, int group, string path)
    {
        DataField[] fields = reader.Schema.GetDataFields();
        if (fields.Length == 0) throw new InvalidDataException("it has no columns");
        using ParquetRowGroupReader open = reader.OpenRowGroupReader(group);
        long rows = open.RowCount;
        if (rows is < 0 or > MaxGroupValues) throw TooLarge(path, group);
        Dictionary<string, ParquetColumn> columns = new(StringComparer.Ordinal);
        long bytes = 0, values = 0;
        foreach (DataField field in fields)
        {
            // What a damaged file announces is not reserved.
            if (open.GetMetadata(field)?.MetaData is not { } about) throw Damaged(path, $"row group {group + 1} lacks the column '{field.Path}'");
            if (about.NumValues < 0 || about.TotalUncompressedSize < 0 || (bytes += about.TotalUncompressedSize) > MaxGroupBytes || (values += about.NumValues) > MaxGroupValues) throw TooLarge(path, group);
            using var data = open.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
            columns.Add(Name(field), new ParquetColumn(field, data));
        }
        return (rows, columns);
    }

    private static JsonElement Row(ParquetSchema schema, Dictionary<string, ParquetColumn> columns, string place)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            foreach (Field field in schema.Fields)
            {
                json.WritePropertyName(field.Name);
                Value(json, field, columns, 0);
                if (json.BytesCommitted + json.BytesPending > JsonLines.MaxRowBytes) throw new EvoluteInputException($"{place} is longer than {JsonLines.MaxRowBytes} bytes.");
            }
            json.WriteEndObject();
        }
        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), Unique);
    }

    private static void Value(Utf8JsonWriter json, Field field, Dictionary<string, ParquetColumn> columns, int depth)
    {
        if (depth > MaxDepth) throw new InvalidDataException($"its columns are deeper than {MaxDepth}");
        switch (field)
        {
            // A repeated leaf without a list around it, as old writers made them.
            case DataField { IsArray: true } leaf:
                Items(json, leaf, leaf.MaxDefinitionLevel, leaf.MaxRepetitionLevel, nullable: false, columns, () => columns[Name(leaf)].Write(json));
                break;
            case DataField leaf:
                columns[Name(leaf)].Write(json);
                break;
            case StructField group when columns[Name(First(group))].Definition < group.MaxDefinitionLevel:
                SkipAll(group, columns);
                json.WriteNullValue();
                break;
            case StructField group:
                json.WriteStartObject();
                foreach (Field member in group.Fields)
                {
                    json.WritePropertyName(member.Name);
                    Value(json, member, columns, depth + 1);
                }
                json.WriteEndObject();
                break;
            case ListField list:
                Items(json, list, list.MaxDefinitionLevel, list.MaxRepetitionLevel, list.IsNullable, columns, () => Value(json, list.Item, columns, depth + 1));
                break;
            case MapField map when map.Key is DataField key:
                Members(json, map, key, columns, depth);
                break;
            default:
                throw new InvalidDataException($"the type of the column '{field.Path}' is not read");
        }
    }

    private static void Items(Utf8JsonWriter json, Field list, int definition, int repetition, bool nullable, Dictionary<string, ParquetColumn> columns, Action item)
    {
        ParquetColumn first = columns[Name(First(list))];
        if (first.Definition < definition)
        {
            bool isNull = nullable && first.Definition < definition - 1;
            SkipAll(list, columns);
            if (isNull) json.WriteNullValue();
            else
            {
                json.WriteStartArray();
                json.WriteEndArray();
            }
            return;
        }
        json.WriteStartArray();
        do item();
        while (first.Continues(repetition));
        json.WriteEndArray();
    }

    private static void Members(Utf8JsonWriter json, MapField map, DataField key, Dictionary<string, ParquetColumn> columns, int depth)
    {
        ParquetColumn keys = columns[Name(key)];
        if (keys.Definition < map.MaxDefinitionLevel)
        {
            bool isNull = map.IsNullable && keys.Definition < map.MaxDefinitionLevel - 1;
            SkipAll(map, columns);
            if (isNull)
            {
                json.WriteNullValue();
                return;
            }
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }
        json.WriteStartObject();
        do
        {
            json.WritePropertyName(keys.TakeName());
            Value(json, map.Value, columns, depth + 1);
        }
        while (keys.Continues(map.MaxRepetitionLevel));
        json.WriteEndObject();
    }

    private static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField leaf => [leaf],
        StructField group => group.Fields.SelectMany(Leaves),
        ListField list => Leaves(list.Item),
        MapField map => Leaves(map.Key).Concat(Leaves(map.Value)),
        _ => [],
    };

    private static string Name(DataField leaf) => leaf.Path.ToString();

    private static DataField First(Field field) => Leaves(field).FirstOrDefault() ?? throw new InvalidDataException($"the column '{field.Path}' has no members");

    private static void SkipAll(Field field, Dictionary<string, ParquetColumn> columns)
    {
        foreach (DataField leaf in Leaves(field)) columns[Name(leaf)].Skip();
    }

    /// <summary>The library throws whatever a damaged file makes it stumble over; all of it is the file's fault.</summary>
    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not EvoluteInputException)
        {
            throw Damaged(path, e switch
            {
                InvalidDataException => e.Message.TrimEnd('.'),
                NotSupportedException => "it has a type or an encoding that is not read",
                _ => "what is in it does not fit together",
            }, e);
        }
    }

    private static EvoluteInputException Damaged(string path, string why, Exception? inner = null) => new($"{path} cannot be read as a Parquet file: {why}; write it again, or convert it to JSONL.", inner!);

    private static EvoluteInputException TooLarge(string path, int group) =>
        new($"{path}: row group {group + 1} has more than {MaxGroupBytes >> 30} GiB or {MaxGroupValues} values; write it with smaller row groups.");
}
