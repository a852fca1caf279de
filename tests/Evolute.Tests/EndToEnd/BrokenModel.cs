using System.Text.Json.Nodes;
using Evolute.Models;
using Evolute.Tests.Models;

namespace Evolute.Tests.EndToEnd;

/// <summary>The bundled model with something wrong.</summary>
internal static class BrokenModel
{
    private static readonly Dictionary<string, Action<string>> Faults = new()
    {
        ["truncated"] = folder => ChangeWeights(folder, bytes => bytes[..^1000]),
        ["cut in the header"] = folder => ChangeWeights(folder, bytes => bytes[..100]),
        ["empty"] = folder => ChangeWeights(folder, _ => []),
        ["huge header"] = folder => ChangeWeights(folder, bytes => [.. BitConverter.GetBytes(long.MaxValue), .. bytes[8..]]),
        ["header over the cap"] = folder => ChangeWeights(folder, bytes => [.. BitConverter.GetBytes(200_000_000L), .. bytes[8..]]),
        ["overlap"] = folder => ChangeHeader(folder, tensors =>
        {
            JsonNode offsets = tensors[1]["data_offsets"]!;
            (offsets[0], offsets[1]) = ((long)offsets[0]! - 2, (long)offsets[1]! - 2);
        }),
        ["wrong shape"] = folder => ChangeHeader(folder, tensors =>
        {
            JsonArray shape = tensors.Select(t => t["shape"]!.AsArray()).First(s => s.Count == 2 && (long)s[0]! != (long)s[1]!);
            (shape[0], shape[1]) = ((long)shape[1]!, (long)shape[0]!);
        }),
        ["not a number"] = folder => ChangeWeights(folder, bytes => [.. bytes[..^4], 0xFF, 0xFF, 0xFF, 0xFF]),
        ["no weights"] = folder => File.Delete(Path.Combine(folder, "model.safetensors")),
        ["unknown architecture"] = folder => ChangeJson(folder, "config.json", config => (config["architectures"], config["model_type"]) = (new JsonArray("MambaForCausalLM"), "mamba")),
        ["narrow window"] = folder => ChangeJson(folder, "config.json", config => config["max_position_embeddings"] = 20),
        ["damaged config"] = folder => File.WriteAllText(Path.Combine(folder, "config.json"), "{\"architectures\":"),
        ["no config"] = folder => File.Delete(Path.Combine(folder, "config.json")),
        ["no tokenizer"] = folder => File.Delete(Path.Combine(folder, "tokenizer.json")),
        ["damaged tokenizer"] = folder => File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{}"),
        ["damaged settings"] = folder => File.WriteAllText(Path.Combine(folder, "evolute.json"), "{\"train\":{\"sigma\":0.1,}}"),
        ["unknown setting"] = folder => File.WriteAllText(Path.Combine(folder, "evolute.json"), "{\"train\":{\"sigmas\":0.1}}"),
        ["unknown task option"] = folder => File.WriteAllText(Path.Combine(folder, "evolute.json"), "{\"task\":{\"countdown\":{\"max-numbers\":9}}}"),
    };

    public static IEnumerable<string> Names => Faults.Keys;

    /// <summary>Makes the model; its tensors are in the order of their places in the file.</summary>
    public static void Create(string folder, string fault)
    {
        Folders.Copy(BundledModel.Locate(), folder);
        Faults[fault](folder);
    }

    private static void ChangeWeights(string folder, Func<byte[], byte[]> change)
    {
        string path = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
    }

    private static void ChangeHeader(string folder, Action<JsonNode[]> change) => ChangeWeights(folder, bytes =>
    {
        int length = BitConverter.ToInt32(bytes);
        JsonObject header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        change([.. header.Where(t => t.Key != "__metadata__").Select(t => t.Value!).OrderBy(t => (long)t["data_offsets"]![0]!)]);
        return [.. RawSafetensors.Bytes(header.ToJsonString(), 0), .. bytes[(8 + length)..]];
    });

    private static void ChangeJson(string folder, string file, Action<JsonObject> change)
    {
        string path = Path.Combine(folder, file);
        JsonObject json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
