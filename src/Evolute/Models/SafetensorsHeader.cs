using System.Text.Json;

namespace Evolute.Models;

/// <summary>
/// Parses the JSON header of a safetensors file and checks that its tensors cover the data exactly: in order, without
/// holes, overlaps or repeated names.
/// </summary>
internal ref struct SafetensorsHeader
{
    private const int MaxRank = 16;
    private const int MaxNameBytes = 4096;
    private const int MaxTensors = 1_000_000;

    private Utf8JsonReader _json;
    private readonly string _file;

    private SafetensorsHeader(ReadOnlySpan<byte> json, string file)
    {
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4, CommentHandling = JsonCommentHandling.Disallow });
        _file = file;
    }

    /// <summary>The tensors of a header, by name.</summary>
    /// <param name="json">The header's bytes, padding included.</param>
    /// <param name="dataBytes">Bytes that follow the header.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="EvoluteInputException">The header is not a good one.</exception>
    public static Dictionary<string, SafetensorsEntry> Parse(ReadOnlySpan<byte> json, long dataBytes, string file)
    {
        SafetensorsHeader header = new(json, file);
        if (json.IsEmpty || json[0] != '{') throw header.Bad("the header does not begin with '{'");
        try
        {
            Dictionary<string, SafetensorsEntry> tensors = header.ReadTensors();
            header.CheckCoverage(tensors.Values, dataBytes);
            return tensors;
        }
        // Utf8JsonReader answers text that is not valid Unicode with InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EvoluteInputException($"{file}: the safetensors header is not valid JSON ({Reason(e)}); the file is damaged or not a safetensors file.", e);
        }
    }

    private static string Reason(Exception e) =>
        e is JsonException { LineNumber: long line, BytePositionInLine: long at } ? $"line {line + 1}, byte {at + 1}" : "text that is not UTF-8";

    private Dictionary<string, SafetensorsEntry> ReadTensors()
    {
        Dictionary<string, SafetensorsEntry> tensors = new(StringComparer.Ordinal);
        bool metadata = false;
        Expect(JsonTokenType.StartObject, "the header");
        while (Next() != JsonTokenType.EndObject)
        {
            string name = ReadText("a tensor's name");
            if (name == "__metadata__")
            {
                if (metadata) throw Bad("__metadata__ is there twice");
                metadata = true;
                ReadMetadata();
                continue;
            }
            if (!tensors.TryAdd(name, ReadTensor(name))) throw Bad($"tensor {Quoted.Text(name)} is there twice");
            if (tensors.Count > MaxTensors) throw Bad($"there are more than {MaxTensors} tensors");
        }
        // Only padding may follow; anything else makes Read throw.
        _json.Read();
        return tensors;
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, "__metadata__");
        while (Next() != JsonTokenType.EndObject) Expect(JsonTokenType.String, "a value of __metadata__");
    }

    private SafetensorsEntry ReadTensor(string name)
    {
        string where = $"tensor {Quoted.Text(name)}";
        string? dtype = null;
        long[]? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, where);
        while (Next() != JsonTokenType.EndObject)
        {
            string field = ReadText(where);
            bool repeated = field switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (repeated) throw Bad($"{where} has {field} twice");
            switch (field)
            {
                case "dtype":
                    Expect(JsonTokenType.String, $"dtype of {where}");
                    dtype = ReadText($"dtype of {where}");
                    break;
                case "shape":
                    shape = ReadNumbers(where, "shape", MaxRank);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(where, "data_offsets", 2);
                    break;
                default:
                    throw Bad($"{where} has an unknown field {Quoted.Text(field)}");
            }
        }
        if (dtype is null || shape is null || offsets is null) throw Bad($"{where} lacks dtype, shape or data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1]) throw Bad($"{where} has data_offsets {Quoted.Shape(offsets)}, which are not a begin and an end");
        SafetensorsEntry entry = new(name, dtype, shape, offsets[0], offsets[1]);
        CheckSize(entry);
        return entry;
    }

    private readonly void CheckSize(SafetensorsEntry entry)
    {
        if (SafetensorsEntry.BitsOf(entry.DType) is not int bits) return;
        try
        {
            long total = checked(TensorSpec.ElementCount(entry.Shape) * bits);
            if (total % 8 == 0 && total / 8 == entry.End - entry.Begin) return;
        }
        catch (OverflowException)
        {
        }
        throw Bad($"tensor {Quoted.Text(entry.Name)} of shape {Quoted.Shape(entry.Shape)} and type {entry.DType} does not take the {entry.End - entry.Begin} bytes that its data_offsets give it");
    }

    private readonly void CheckCoverage(IEnumerable<SafetensorsEntry> tensors, long dataBytes)
    {
        long at = 0;
        foreach (SafetensorsEntry entry in tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (entry.Begin != at)
                throw Bad($"the data of tensor {Quoted.Text(entry.Name)} begins at byte {entry.Begin} where byte {at} is due, so tensors {(entry.Begin < at ? "overlap" : "leave a hole")}");
            at = entry.End;
        }
        if (at > dataBytes) throw new EvoluteInputException($"{_file}: the file is cut short: its tensors take {at} bytes and {dataBytes} are there; download or copy it again.");
        if (at < dataBytes) throw Bad($"{dataBytes - at} bytes at the end belong to no tensor");
    }

    private long[] ReadNumbers(string where, string field, int most)
    {
        Expect(JsonTokenType.StartArray, $"{field} of {where}");
        List<long> numbers = [];
        while (Next() != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Bad($"{field} of {where} holds something other than whole numbers from 0 to 2^63 - 1");
            if (numbers.Count == most) throw Bad($"{field} of {where} has more than {most} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private readonly string ReadText(string what)
    {
        if (_json.ValueSpan.Length > MaxNameBytes) throw Bad($"{what} is longer than {MaxNameBytes} bytes");
        return _json.GetString()!;
    }

    private JsonTokenType Next()
    {
        if (!_json.Read()) throw Bad("the header ends too early");
        return _json.TokenType;
    }

    private void Expect(JsonTokenType token, string what)
    {
        if (Next() != token) throw Bad($"{what} is not {(token == JsonTokenType.String ? "a string" : token == JsonTokenType.StartArray ? "a list" : "an object")}");
    }

    private readonly EvoluteInputException Bad(string what) => new($"{_file}: {what}; the file is damaged or not a safetensors file.");
}
