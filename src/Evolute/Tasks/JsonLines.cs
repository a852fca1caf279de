using System.Text;
using System.Text.Json;

namespace Evolute.Tasks;

/// <summary>Reads a JSONL file row by row, with caps on a row's length and depth; blank lines count as rows but are passed over.</summary>
public static class JsonLines
{
    /// <summary>Longest row, in bytes.</summary>
    public const int MaxRowBytes = 16 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads rows as they come.</summary>
    /// <param name="stream">UTF-8, with or without a byte-order mark.</param>
    /// <param name="name">The file's name for error sentences.</param>
    /// <returns>Each row and its place, e.g. <c>answers.jsonl, row 3</c>.</returns>
    /// <exception cref="EvoluteInputException">A row is too long or not valid JSON.</exception>
    public static IEnumerable<(JsonElement Row, string Place)> Read(Stream stream, string name)
    {
        foreach ((ReadOnlyMemory<byte> line, string place) in Lines(stream, name)) yield return (Parse(line, place), place);
    }

    /// <summary>The lines that are not blank, unparsed; a line is overwritten by the next.</summary>
    /// <exception cref="EvoluteInputException">A row is too long.</exception>
    internal static IEnumerable<(ReadOnlyMemory<byte> Line, string Place)> Lines(Stream stream, string name)
    {
        byte[] buffer = new byte[1 << 16];
        int start = 0, end = 0;
        for (long number = 1; ; number++)
        {
            int length, searched = 0;
            while ((length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n')) < 0)
            {
                searched = end - start;
                if (searched > MaxRowBytes) throw new EvoluteInputException($"{name}, row {number} is longer than {MaxRowBytes} bytes.");
                if (!Fill(stream, ref buffer, ref start, ref end)) break;
            }
            length = length < 0 ? end - start : length + searched;
            if (length == 0 && start == end) yield break;
            Memory<byte> line = buffer.AsMemory(start, length);
            start = Math.Min(start + length + 1, end);
            string place = $"{name}, row {number}";
            if (number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble)) line = line[Encoding.UTF8.Preamble.Length..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0) yield return (line, place);
        }
    }

    /// <summary>Reads more behind what is there; false at the end of the stream.</summary>
    private static bool Fill(Stream stream, ref byte[] buffer, ref int start, ref int end)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }

    /// <summary>A line's row.</summary>
    /// <exception cref="EvoluteInputException">It is not valid JSON.</exception>
    internal static JsonElement Parse(ReadOnlyMemory<byte> line, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Options);
            JsonText.Require(line.Span, document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EvoluteInputException($"{place} is not valid JSON: {Reason(e)}", e);
        }
    }

    // "… LineNumber: 0 | BytePositionInLine: 7." names a line that is not the file's.
    private static string Reason(Exception e) => e is JsonException { BytePositionInLine: { } at } && e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var cut
        ? $"{e.Message[..cut]} (byte {at + 1})"
        : e.Message;
}
