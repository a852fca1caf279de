using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evolute.Models;

/// <summary>One file of a checkpoint and the tensors that go into it.</summary>
internal sealed record Shard(string FileName, IReadOnlyList<TensorToStore> Tensors);

/// <summary>Spreads tensors over files as transformers does: in order, a new file where the next tensor does not fit.</summary>
internal static class ShardPlan
{
    /// <summary>The files; one, without an index, where everything fits.</summary>
    /// <param name="tensors">In the order in which they are to be spread.</param>
    /// <param name="maxBytes">Most bytes of tensors in a file; a larger tensor has a file of its own.</param>
    public static IReadOnlyList<Shard> Of(IEnumerable<TensorToStore> tensors, long maxBytes)
    {
        List<List<TensorToStore>> groups = [[]];
        long bytes = 0;
        foreach (TensorToStore tensor in tensors)
        {
            if (groups[^1].Count > 0 && bytes > maxBytes - tensor.Bytes)
            {
                groups.Add([]);
                bytes = 0;
            }
            groups[^1].Add(tensor);
            bytes += tensor.Bytes;
        }
        return [.. groups.Select((group, i) => new Shard(Name(i, groups.Count), group))];
    }

    /// <summary>The content of <see cref="ShardIndex.FileName"/>.</summary>
    public static byte[] Index(IReadOnlyList<Shard> shards)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", shards.Sum(s => s.Tensors.Sum(t => t.Bytes)));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach ((string name, string file) in shards.SelectMany(s => s.Tensors.Select(t => (t.Tensor.Name, s.FileName))).OrderBy(t => t.Name, Utf8Order.Instance))
                json.WriteString(name, file);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static string Name(int index, int count) => count == 1
        ? Checkpoint.SingleFile
        : string.Create(CultureInfo.InvariantCulture, $"model-{index + 1:D5}-of-{count:D5}.safetensors");
}
