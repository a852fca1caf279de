using System.Text.Json;

namespace Evolute.Tasks.Data;

/// <summary>Reads the rows of a dataset: JSONL, Parquet, or a JSON file with one list of rows.</summary>
internal static class DatasetRows
{
    /// <summary>Largest file that is read whole, in bytes.</summary>
    private const int MaxWholeBytes = 1 << 30;

    /// <summary>Whether a name ends as those of files with rows do.</summary>
    public static bool IsData(string name) => HasEnding(name, ".jsonl") || HasEnding(name, ".parquet") || HasEnding(name, ".json");

    /// <summary>Reads rows as they come.</summary>
    /// <param name="path">The file; its ending says what it is, and any but <c>.json</c> and <c>.parquet</c> is JSONL.</param>
    /// <exception cref="EvoluteInputException">The file cannot be read, or a row is too long.</exception>
    public static IEnumerable<DatasetRow> Of(string path) => HasEnding(path, ".json") ? OfList(path, Whole(path))
        : HasEnding(path, ".parquet") ? OfParquet(path)
        : OfLines(path);

    /// <summary>A JSON file's root.</summary>
    /// <exception cref="EvoluteInputException">It cannot be read, is too large or no JSON.</exception>
    public static JsonElement Whole(string path)
    {
        using FileStream file = Open(path);
        if (file.Length > MaxWholeBytes) throw new EvoluteInputException($"{path}: the file is larger than {MaxWholeBytes} bytes; write it as JSONL, one row a line.");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return JsonLines.Parse(bytes.AsMemory().Span.StartsWith(System.Text.Encoding.UTF8.Preamble) ? bytes.AsMemory(3) : bytes, path);
    }

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="EvoluteInputException">It cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvoluteInputException($"{path}: there is no such dataset.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EvoluteInputException($"{path}: the dataset cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<DatasetRow> OfLines(string path)
    {
        using Stream stream = Open(path);
        foreach ((ReadOnlyMemory<byte> line, string place) in JsonLines.Lines(stream, path)) yield return new(place, () => JsonLines.Parse(line, place));
    }

    private static IEnumerable<DatasetRow> OfParquet(string path)
    {
        using Stream stream = Open(path);
        foreach (DatasetRow row in ParquetRows.Read(stream, path)) yield return row;
    }

    private static IEnumerable<DatasetRow> OfList(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new EvoluteInputException($"{path}: a .json file must hold one list of rows; write it so, or as JSONL with one row a line.");
        long number = 0;
        foreach (JsonElement row in root.EnumerateArray()) yield return new($"{path}, row {++number}", () => row);
    }

    private static bool HasEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
