using System.Text.Json;

namespace Evolute.Models;

/// <summary>Reads a small JSON file whole, with caps on its size and depth and no repeated keys.</summary>
internal static class JsonFile
{
    private const int MaxDepth = 64;

    /// <summary>The file's root, which must be an object, or null where the file is absent.</summary>
    /// <exception cref="EvoluteInputException">The file is too large, unreadable or not a JSON object.</exception>
    public static JsonElement? ReadObject(string path, int maxBytes)
    {
        if (ReadAny(path, maxBytes) is not { } root) return null;
        return root.ValueKind == JsonValueKind.Object ? root : throw new EvoluteInputException($"{path}: the file is not a JSON object.");
    }

    /// <summary>The file's root, of whatever kind, or null where the file is absent.</summary>
    /// <exception cref="EvoluteInputException">The file is too large, unreadable or not JSON.</exception>
    public static JsonElement? ReadAny(string path, int maxBytes)
    {
        if (!File.Exists(path)) return null;
        try
        {
            ReadOnlyMemory<byte> bytes = ReadBytes(path, maxBytes);
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            JsonText.Require(bytes.Span, document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EvoluteInputException($"{path}: the file is not valid JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> ReadBytes(string path, int maxBytes)
    {
        using FileStream file = File.OpenRead(path);
        using MemoryStream bytes = new();
        byte[] chunk = new byte[1 << 16];
        for (int read; (read = file.Read(chunk)) > 0;)
        {
            bytes.Write(chunk, 0, read);
            if (bytes.Length > maxBytes) throw new EvoluteInputException($"{path}: the file is larger than {maxBytes} bytes.");
        }
        ReadOnlyMemory<byte> all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return all.Span.StartsWith(mark) ? all[mark.Length..] : all;
    }
}
