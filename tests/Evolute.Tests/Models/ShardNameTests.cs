using System.Text.Json;
using CsCheck;
using Evolute.Models;

namespace Evolute.Tests.Models;

/// <summary>The names of shards come from a file that may be hostile: nothing outside the model's folder is opened.</summary>
public class ShardNameTests
{
    private static readonly string[] Pieces =
    [
        "..", ".", "/", "\\", "%2e", "%2E%2e", "%2f", "%5c", "\0", "\n", "~", "C:", "file://", "etc", "passwd", "model", "secret", ".safetensors", ".SafeTensors", " ", "*",
        "?", "|", "\u2025", "\u2044", "\uFF0E\uFF0E", "\uFF0F", "\u202E", "é", "/proc/self/fd/0", "....//", "link", "folder", new string('a', 250),
    ];

    [Fact]
    public void Ten_thousand_hostile_names_lead_nowhere()
    {
        using TempFolder temp = new();
        string folder = Prepare(temp);
        Gen.Int[0, Pieces.Length - 1].Array[1, 6].Sample(picks =>
        {
            string name = string.Concat(picks.Select(i => Pieces[i]));
            foreach (string shard in (string[])[name, name + ".safetensors"])
                try
                {
                    string path = ShardIndex.Resolve(folder, shard, "index");
                    Assert.Equal(folder, Path.GetDirectoryName(Path.GetFullPath(path)));
                    Assert.NotEqual("outside", File.ReadAllText(path));
                }
                catch (EvoluteInputException e)
                {
                    Assert.StartsWith("index: ", e.Message);
                    Assert.DoesNotContain(e.Message, char.IsControl);
                }
        }, iter: 10_000);
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("..\\secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("%2e%2e/secret.safetensors")]
    [InlineData("%2e%2e%2fsecret.safetensors")]
    [InlineData("model.safetensors\0../secret")]
    [InlineData("folder/model.safetensors")]
    [InlineData("./model.safetensors")]
    [InlineData(".hidden.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("model.bin")]
    [InlineData("")]
    [InlineData("..")]
    public void Names_that_are_not_plain_are_refused(string shard)
    {
        using TempFolder temp = new();
        string folder = Prepare(temp);
        WriteIndex(folder, shard);
        string message = Assert.Throws<EvoluteInputException>(() => ModelDirectory.Open(folder).LoadWeights()).Message;
        Assert.Contains("is not a name for a shard", message);
        Assert.StartsWith(Path.Combine(folder, "model.safetensors.index.json"), message);
    }

    [Theory]
    [InlineData("link.safetensors", "is a link to a file outside the model's folder")]
    [InlineData("chain.safetensors", "is a link to a file outside the model's folder")]
    [InlineData("dangling.safetensors", "cannot be read")]
    [InlineData("loop.safetensors", "cannot be read")]
    [InlineData("through.safetensors", "is a link to a file outside the model's folder")]
    [InlineData("absent.safetensors", "is not in the folder")]
    [InlineData("folder.safetensors", "is not in the folder")]
    public void Links_out_of_the_folder_are_refused(string shard, string words)
    {
        using TempFolder temp = new();
        string folder = Prepare(temp);
        WriteIndex(folder, shard);
        Assert.Contains(words, Assert.Throws<EvoluteInputException>(() => ModelDirectory.Open(folder).LoadWeights()).Message);
    }

    [Fact]
    public void Links_within_the_folder_and_those_of_the_hub_cache_are_followed()
    {
        using TempFolder temp = new();
        string snapshot = Path.Combine(temp["models--x"], "snapshots", "abc"), blobs = Directory.CreateDirectory(Path.Combine(temp["models--x"], "blobs")).FullName;
        ModelDirectory model = TinyModel.Create(snapshot);
        using WeightTable weights = model.LoadWeights();
        ModelWriter.Write(temp["sharded"], model, weights, "card", new() { MaxShardBytes = 6000 });
        File.Delete(Path.Combine(snapshot, "model.safetensors"));
        File.Copy(Path.Combine(temp["sharded"], "model.safetensors.index.json"), Path.Combine(snapshot, "model.safetensors.index.json"));
        int blob = 0;
        foreach (string shard in Directory.EnumerateFiles(temp["sharded"], "*.safetensors"))
        {
            File.Move(shard, Path.Combine(blobs, $"{++blob}"));
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(shard)), Path.Combine("..", "..", "blobs", $"{blob}"));
        }
        using WeightTable back = model.LoadWeights();
        Assert.Equal(WeightsDigest.Sha256(weights), WeightsDigest.Sha256(back));
    }

    [Theory]
    [InlineData("{}", "weight_map, an object of tensor and shard names, is missing")]
    [InlineData("{\"weight_map\":[]}", "weight_map, an object")]
    [InlineData("{\"weight_map\":{}}", "weight_map is empty")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "the shard of tensor 'a' is not a string")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}", "not valid JSON")]
    [InlineData("{\"weight_map\":", "not valid JSON")]
    public void Damaged_indices_are_named(string text, string words)
    {
        using TempFolder temp = new();
        string folder = Prepare(temp);
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), text);
        string message = Assert.Throws<EvoluteInputException>(() => ModelDirectory.Open(folder).LoadWeights()).Message;
        Assert.StartsWith(Path.Combine(folder, "model.safetensors.index.json") + ": ", message);
        Assert.Contains(words, message);
    }

    [Fact]
    public void Tensors_that_are_not_where_the_index_says_are_named()
    {
        using TempFolder temp = new();
        ModelDirectory model = TinyModel.Create(temp["m"]);
        using WeightTable weights = model.LoadWeights();
        ModelWriter.Write(temp["out"], model, weights, "card", new() { MaxShardBytes = 9000 });
        string[] shards = [.. Directory.EnumerateFiles(temp["out"], "*.safetensors").Order(StringComparer.Ordinal)];
        File.Copy(shards[0], shards[1], overwrite: true);
        string message = Assert.Throws<EvoluteInputException>(() => ModelDirectory.Open(temp["out"]).LoadWeights()).Message;
        Assert.StartsWith(shards[1], message);
        Assert.Contains("is in model-00001-of-", message);
    }

    /// <summary>A model's folder with links of every kind, and files outside it that must not be read.</summary>
    private static string Prepare(TempFolder temp)
    {
        string folder = temp["m"];
        TinyModel.Create(folder);
        File.Delete(Path.Combine(folder, "model.safetensors"));
        File.WriteAllText(temp["secret.safetensors"], "outside");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(temp["other"]).FullName, "secret.safetensors"), "outside");
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        Directory.CreateDirectory(Path.Combine(folder, "folder.safetensors"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.safetensors"), "../secret.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder, "chain.safetensors"), "link.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder, "dangling.safetensors"), "/nowhere/x.safetensors");
        File.CreateSymbolicLink(Path.Combine(folder, "loop.safetensors"), "loop.safetensors");
        Directory.CreateSymbolicLink(Path.Combine(folder, "way"), "../other");
        File.CreateSymbolicLink(Path.Combine(folder, "through.safetensors"), "way/secret.safetensors");
        return folder;
    }

    private static void WriteIndex(string folder, string shard) => File.WriteAllText(
        Path.Combine(folder, "model.safetensors.index.json"),
        JsonSerializer.Serialize(new { weight_map = new Dictionary<string, string> { ["model.norm.weight"] = shard } }));
}
