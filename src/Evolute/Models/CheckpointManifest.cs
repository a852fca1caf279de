using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace Evolute.Models;

/// <summary>
/// What a checkpoint's folder held when it was written: each file's size and checksum, and the weights' SHA-256. It is written last,
/// and its own last member is a checksum of the bytes before it, so no flipped bit passes.
/// </summary>
/// <param name="WeightsSha256">SHA-256 of the weights as they load from the folder (<see cref="WeightsDigest"/>).</param>
/// <param name="Files">Every other file.</param>
internal sealed record CheckpointManifest(string WeightsSha256, IReadOnlyList<StoredFile> Files)
{
    public const string FileName = "checkpoint.json";

    private const int Format = 1;
    private const int MaxBytes = 16 << 20;

    /// <summary>The file's content.</summary>
    public byte[] ToBytes()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"format\": {Format},\n  \"weights_sha256\": \"{WeightsSha256}\",\n  \"files\": {{");
        foreach (StoredFile file in Files)
            text.Append(CultureInfo.InvariantCulture, $"{(file == Files[0] ? "" : ",")}\n    {JsonSerializer.Serialize(file.Name)}: {{ \"bytes\": {file.Bytes}, \"xxh3\": \"{file.Checksum:x16}\" }}");
        text.Append("\n  },\n");
        byte[] body = Encoding.UTF8.GetBytes(text.ToString());
        return [.. body, .. Tail(body)];
    }

    /// <summary>Reads a folder's manifest; the other files are not looked at.</summary>
    /// <exception cref="EvoluteFaultException">It is absent or damaged.</exception>
    public static CheckpointManifest Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        byte[] bytes = ReadBytes(path, directory);
        int body = bytes.Length - Tail([]).Length;
        if (body <= 0 || !bytes.AsSpan(body).SequenceEqual(Tail(bytes.AsSpan(0, body)))) throw Damaged(path);
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            JsonElement root = json.RootElement;
            if (root.GetProperty("format").GetInt32() != Format)
                throw new EvoluteFaultException($"{path}: this manifest was written by a newer version of Evolute; use that version.");
            return new CheckpointManifest(root.GetProperty("weights_sha256").GetString()!, [.. root.GetProperty("files").EnumerateObject().Select(File)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(path);
        }

        static StoredFile File(JsonProperty file) => new(
            file.Name,
            file.Value.GetProperty("bytes").GetInt64(),
            ulong.Parse(file.Value.GetProperty("xxh3").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    // The last member and the closing brace: always of the same length.
    private static byte[] Tail(ReadOnlySpan<byte> body) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"  \"xxh3\": \"{XxHash3.HashToUInt64(body):x16}\"\n}}\n"));

    private static byte[] ReadBytes(string path, string directory)
    {
        try
        {
            if (!System.IO.File.Exists(path))
                throw new EvoluteFaultException($"{directory}: there is no {FileName}, so this is not a complete checkpoint.");
            return new FileInfo(path).Length <= MaxBytes ? System.IO.File.ReadAllBytes(path) : throw Damaged(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteFaultException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    private static EvoluteFaultException Damaged(string path) =>
        new($"{path}: the file is damaged: its checksum does not fit; use another checkpoint.");
}
