using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evolute.Models;

/// <summary>
/// Writes a model's folder in Hugging Face layout, which transformers, vLLM and llama.cpp's converter load. The folder appears
/// complete or not at all, and what stood under its name before stays until then.
/// </summary>
public static class ModelWriter
{
    internal const string CardFile = "README.md";

    /// <summary>Writes tuned weights with everything else of the model that they were tuned from.</summary>
    /// <param name="directory">The folder to be; its parents are created.</param>
    /// <param name="source">The model that the weights came from.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="modelCard">The text of README.md.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <returns><see cref="WeightsDigest.Sha256(WeightTable)"/> of the weights as they load from the folder.</returns>
    /// <exception cref="EvoluteInputException">The name is taken, or a file of the source cannot be read.</exception>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses, or a weight has no value in the stored type.</exception>
    public static string Write(string directory, ModelDirectory source, WeightTable weights, string modelCard, ModelWriteSettings? settings = null)
    {
        settings ??= new ModelWriteSettings();
        RequireTensorsOf(source.Spec, weights);
        Func<WeightTensor, StoredType> storedAs = tensor => settings.StoredType ?? tensor.StoredType;
        using StagedFolder folder = StagedFolder.Begin(directory, settings.Replace, settings.OpenFile);
        folder.Add(ModelFiles.Config, Config(source.Config, DeclaredType(weights, storedAs)));
        foreach (string name in ModelFiles.Companions.Append(ModelFiles.OwnSettings)) Copy(folder, source.Path, name);
        folder.Add(CardFile, Encoding.UTF8.GetBytes(modelCard));

        IReadOnlyList<Shard> shards = ShardPlan.Of(weights.Tensors.Select(t => new TensorToStore(t, storedAs(t))), settings.MaxShardBytes);
        foreach (Shard shard in shards) folder.Add(shard.FileName, stream => SafetensorsWriter.Write(stream, shard.Tensors));
        if (shards.Count > 1) folder.Add(ShardIndex.FileName, ShardPlan.Index(shards));

        string sha256 = WeightsDigest.Sha256(weights, storedAs);
        folder.Add(CheckpointManifest.FileName, new CheckpointManifest(sha256, folder.Files).ToBytes());
        folder.Commit();
        return sha256;
    }

    private static void RequireTensorsOf(ModelSpec spec, WeightTable weights)
    {
        TensorSpec[] wanted = [.. ModelTensors.Of(spec)];
        if (wanted.Length != weights.Tensors.Count) throw new ArgumentException($"The model has {wanted.Length} tensors, not {weights.Tensors.Count}.", nameof(weights));
        foreach (TensorSpec tensor in wanted)
            if (!weights.TryGet(tensor.Name, out WeightTensor? found) || !found.Shape.SequenceEqual(tensor.Shape))
                throw new ArgumentException($"The weights lack tensor '{tensor.Name}' of shape {Quoted.Shape(tensor.Shape)}.", nameof(weights));
    }

    /// <summary>The type that most weights are stored as: what config.json declares.</summary>
    private static StoredType DeclaredType(WeightTable weights, Func<WeightTensor, StoredType> storedAs) =>
        weights.Tensors.GroupBy(storedAs).MaxBy(group => group.Sum(t => t.Length))!.Key;

    /// <summary>The source's config.json with the type of the weights, under the key that it has there: transformers 5 says dtype.</summary>
    private static byte[] Config(JsonElement config, StoredType type)
    {
        string[] keys = [.. ((string[])["dtype", "torch_dtype"]).Where(key => config.TryGetProperty(key, out _))];
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in config.EnumerateObject())
                if (keys.Contains(property.Name)) json.WriteString(property.Name, type.TorchName());
                else property.WriteTo(json);
            if (keys.Length == 0) json.WriteString("torch_dtype", type.TorchName());
            json.WriteEndObject();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void Copy(StagedFolder folder, string source, string name)
    {
        string path = Path.Combine(source, name);
        if (!File.Exists(path)) return;
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
        }
        folder.Add(name, content);
    }
}
