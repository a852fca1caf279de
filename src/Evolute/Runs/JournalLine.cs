using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evolute.Runs;

/// <summary>
/// A journal line as bytes: a JSON object whose last property, <c>crc32c</c>, is the CRC-32C (Castagnoli) of every byte before the comma in front of it.
/// Numbers are written in their shortest form that reads back to the same bits.
/// </summary>
internal static class JournalLine
{
    private const string Property = ",\"crc32c\":\"";
    private const int TailLength = 21; // the property, 8 digits, quote and brace

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        // Names of tasks and parts stay readable; the file is never put into a page as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The line with its newline.</summary>
    public static byte[] Format(JournalEntry entry)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        ReadOnlySpan<byte> body = json.AsSpan(0, json.Length - 1);
        return [.. body, .. Encoding.ASCII.GetBytes($"{Property}{Crc32C(body):x8}\"}}\n")];
    }

    /// <summary>The entry of a line without its newline, or null where the line is not what was written.</summary>
    public static JournalEntry? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= TailLength) return null;
        ReadOnlySpan<byte> body = line[..^TailLength];
        if (!line[^TailLength..].SequenceEqual(Encoding.ASCII.GetBytes($"{Property}{Crc32C(body):x8}\"}}"))) return null;
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>([.. body, (byte)'}'], Json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
