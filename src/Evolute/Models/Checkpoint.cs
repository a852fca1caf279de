namespace Evolute.Models;

/// <summary>Where a tensor of a checkpoint lies.</summary>
internal readonly record struct StoredTensor(SafetensorsFile File, SafetensorsEntry Entry);

/// <summary>The safetensors files of a model's folder: one file, or the shards of an index.</summary>
internal sealed class Checkpoint : IDisposable
{
    public const string SingleFile = "model.safetensors";
    private static readonly string[] OtherWeights = ["*.bin", "*.pt", "*.pth", "*.gguf"];
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private Checkpoint(string directory) => Directory = directory;

    public string Directory { get; }

    /// <summary>Every tensor of every file, by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Opens a folder's weights; the single file wins over an index, as in transformers.</summary>
    /// <exception cref="EvoluteInputException">There are none, or a file is absent or damaged.</exception>
    public static Checkpoint Open(string directory)
    {
        Checkpoint checkpoint = new(directory);
        try
        {
            string single = Path.Combine(directory, SingleFile);
            if (File.Exists(single)) checkpoint.Add(single);
            else if (File.Exists(Path.Combine(directory, ShardIndex.FileName))) checkpoint.AddShards();
            else throw new EvoluteInputException(NoWeights(directory));
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SafetensorsFile file in _files) file.Dispose();
    }

    private void AddShards()
    {
        Dictionary<string, string> shards = ShardIndex.Read(Directory);
        foreach (string path in shards.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) Add(path);
        foreach ((string name, string path) in shards)
            if (!_tensors.TryGetValue(name, out StoredTensor tensor) || tensor.File.Path != path)
                throw new EvoluteInputException($"{path}: tensor {Quoted.Text(name)} is not in this shard, where {ShardIndex.FileName} says it is.");
    }

    private void Add(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (SafetensorsEntry entry in file.Tensors.Values)
            if (!_tensors.TryAdd(entry.Name, new StoredTensor(file, entry)))
                throw new EvoluteInputException($"{path}: tensor {Quoted.Text(entry.Name)} is in {Path.GetFileName(_tensors[entry.Name].File.Path)} too.");
    }

    private static string NoWeights(string directory)
    {
        string? other = OtherWeights
            .SelectMany(pattern => System.IO.Directory.EnumerateFiles(directory, pattern)).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();
        return other is null
            ? $"{directory}: there is neither {SingleFile} nor {ShardIndex.FileName}; give a model in Hugging Face layout with safetensors weights."
            : $"{directory}: weights are read from safetensors files only, not from {Quoted.Text(other)}; convert the model.";
    }
}
