using System.Text.Json;

namespace Evolute.Models;

/// <summary>
/// Reads <c>model.safetensors.index.json</c>. The names of shards come from the file, so each is resolved to a file inside the
/// model's folder or refused before anything is opened.
/// </summary>
internal static class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";
    private const int MaxBytes = 100_000_000;

    /// <summary>Tensor name to shard path.</summary>
    /// <exception cref="EvoluteInputException">The index is damaged, or names a shard that is absent or outside the folder.</exception>
    public static Dictionary<string, string> Read(string directory)
    {
        string file = Path.Combine(directory, FileName);
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        Dictionary<string, string> shards = new(StringComparer.Ordinal);
        foreach ((string tensor, string shard) in Map(file))
        {
            if (!paths.TryGetValue(shard, out string? path)) paths[shard] = path = Resolve(directory, shard, file);
            shards[tensor] = path;
        }
        return shards;
    }

    /// <summary>The names of the shards, in order; each a plain file name.</summary>
    /// <exception cref="EvoluteInputException">The index is damaged, or names what is no shard.</exception>
    public static IReadOnlyList<string> Names(string directory)
    {
        string file = Path.Combine(directory, FileName);
        SortedSet<string> names = new(Map(file).Values, StringComparer.Ordinal);
        foreach (string name in names) RequirePlain(name, file);
        return [.. names];
    }

    /// <summary>The path of a shard inside <paramref name="directory"/>.</summary>
    internal static string Resolve(string directory, string shard, string index)
    {
        RequirePlain(shard, index);
        string path = Path.Combine(directory, shard);
        FileInfo file = new(path);
        try
        {
            if (!file.Exists && file.LinkTarget is null)
                throw new EvoluteInputException($"{index}: shard {Quoted.Text(shard)} is not in the folder; download or copy it again.");
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileSystemInfo target && !IsInside(directory, target.FullName))
                throw new EvoluteInputException($"{index}: shard {Quoted.Text(shard)} is a link to a file outside the model's folder; put the file itself there.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{index}: shard {Quoted.Text(shard)} cannot be read: {e.Message}", e);
        }
        return path;
    }

    /// <summary>Tensor name to shard name.</summary>
    private static Dictionary<string, string> Map(string file)
    {
        JsonElement root = JsonFile.ReadObject(file, MaxBytes) ?? throw new EvoluteInputException($"{file}: there is no such file.");
        if (!root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw new EvoluteInputException($"{file}: weight_map, an object of tensor and shard names, is missing.");
        Dictionary<string, string> shards = new(StringComparer.Ordinal);
        foreach (JsonProperty tensor in map.EnumerateObject())
        {
            if (tensor.Value.ValueKind != JsonValueKind.String)
                throw new EvoluteInputException($"{file}: the shard of tensor {Quoted.Text(tensor.Name)} is not a string.");
            shards[tensor.Name] = tensor.Value.GetString()!;
        }
        return shards.Count > 0 ? shards : throw new EvoluteInputException($"{file}: weight_map is empty.");
    }

    private static void RequirePlain(string shard, string index)
    {
        if (IsPlainFileName(shard)) return;
        throw new EvoluteInputException($"{index}: {Quoted.Text(shard)} is not a name for a shard; it must be a plain file name that ends in .safetensors.");
    }

    private static bool IsPlainFileName(string name) =>
        name.Length <= 255
        && name.EndsWith(".safetensors", StringComparison.Ordinal)
        && !name.StartsWith('.')
        && !name.Any(c => char.IsControl(c) || "/\\:*?\"<>|%".Contains(c, StringComparison.Ordinal));

    private static bool IsInside(string directory, string target)
    {
        string folder = Final(directory);
        if (Contains(folder, target)) return true;
        // The Hugging Face cache keeps a snapshot's files as links into the "blobs" folder beside "snapshots".
        DirectoryInfo? snapshots = Directory.GetParent(folder);
        return snapshots is { Name: "snapshots", Parent: DirectoryInfo repository } && Contains(Path.Combine(repository.FullName, "blobs"), target);
    }

    private static bool Contains(string folder, string target) =>
        Final(Path.GetDirectoryName(target)!) is string parent
        && (parent == folder || parent.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>The folder's path with the links of every part of it followed.</summary>
    private static string Final(string folder)
    {
        DirectoryInfo at = new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (at.ResolveLinkTarget(returnFinalTarget: true) is FileSystemInfo target) return Final(target.FullName);
        return at.Parent is DirectoryInfo parent ? Path.Combine(Final(parent.FullName), at.Name) : at.FullName;
    }
}
