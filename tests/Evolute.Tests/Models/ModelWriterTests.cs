using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Models;

namespace Evolute.Tests.Models;

public class ModelWriterTests
{
    private const string Card = "# A model\n\nTuned.\n";

    [Theory]
    [InlineData(StoredType.F32)]
    [InlineData(StoredType.BF16)]
    [InlineData(StoredType.F16)]
    public void What_was_written_loads_with_the_same_sha256(StoredType type)
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"], type);
        using WeightTable weights = source.LoadWeights();
        weights["model.norm.weight"].Span[0] = 0.1f; // no value of bfloat16 or binary16
        string sha = ModelWriter.Write(temp["out"], source, weights, Card);

        ModelDirectory written = ModelDirectory.Open(temp["out"]);
        using WeightTable back = written.LoadWeights();
        Assert.Equal(sha, WeightsDigest.Sha256(back));
        Assert.Equal(type == StoredType.F32, sha == WeightsDigest.Sha256(weights));
        Assert.Equal(type, written.DeclaredType);
        Assert.All(back.Tensors, t => Assert.Equal(type, t.StoredType));
        Assert.Equal(sha, CheckpointValidity.Check(temp["out"]).WeightsSha256);
    }

    [Fact]
    public void A_bfloat16_checkpoint_is_written_back_rounded_or_as_float32()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"], StoredType.BF16);
        using WeightTable weights = source.LoadWeights();
        float exact = weights["model.norm.weight"].Span[1];
        weights["model.norm.weight"].Span[0] = 1 + 3f / 256; // a tie between 1 + 1/128 and 1 + 2/128: the even one is above
        ModelWriter.Write(temp["same"], source, weights, Card);
        ModelWriter.Write(temp["wide"], source, weights, Card, new() { StoredType = StoredType.F32 });

        using WeightTable same = ModelDirectory.Open(temp["same"]).LoadWeights(), wide = ModelDirectory.Open(temp["wide"]).LoadWeights();
        Assert.Equal([1 + 2f / 128, exact], same["model.norm.weight"].Slice(0, 2).ToArray());
        Assert.Equal(WeightsDigest.Sha256(weights), WeightsDigest.Sha256(wide));
        Assert.Equal("float32", (string?)Config(temp["wide"])["torch_dtype"]);
    }

    [Fact]
    public void The_folder_has_the_sources_files_byte_for_byte_and_nothing_else()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, Card, new() { StoredType = StoredType.BF16 });

        string[] copied = ["chat_template.jinja", "evolute.json", "generation_config.json", "tokenizer.json"];
        Assert.All(copied, name => Assert.Equal(File.ReadAllBytes(Path.Combine(temp["base"], name)), File.ReadAllBytes(Path.Combine(temp["out"], name))));
        Assert.Equal(Card, File.ReadAllText(Path.Combine(temp["out"], "README.md")));
        string[] files = [.. Directory.EnumerateFileSystemEntries(temp["out"]).Select(p => Path.GetFileName(p)!)];
        Assert.Equal([.. copied, "README.md", "checkpoint.json", "config.json", "model.safetensors"], files.ToHashSet());
        Assert.Equal(["base", "out"], Directory.EnumerateFileSystemEntries(temp.Path).Select(p => Path.GetFileName(p)!).Order());

        JsonObject before = Config(temp["base"]), after = Config(temp["out"]);
        Assert.Equal("bfloat16", (string?)after["torch_dtype"]);
        before["torch_dtype"] = "bfloat16";
        Assert.True(JsonNode.DeepEquals(before, after));
        Assert.Equal(before.Select(p => p.Key), after.Select(p => p.Key));
        Assert.Contains("\n  \"rope_theta\": 10000.0,\n", File.ReadAllText(Path.Combine(temp["out"], "config.json")));
    }

    [Theory]
    [InlineData("qwen2_tied")]
    [InlineData("qwen2_tied_bf16")]
    [InlineData("llama_untied")]
    [InlineData("llama3_rope_v5")]
    public void Weights_are_written_with_the_bytes_that_transformers_wrote(string name)
    {
        string path = SharedFixtures.Path("fixtures", "golden", name);
        using TempFolder temp = new();
        ModelDirectory source = ModelDirectory.Open(path);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, Card);
        Assert.Equal(File.ReadAllText(Path.Combine(path, "config.json")).TrimEnd(), File.ReadAllText(Path.Combine(temp["out"], "config.json")).TrimEnd());
        Assert.Equal(File.ReadAllBytes(Path.Combine(path, "model.safetensors")), File.ReadAllBytes(Path.Combine(temp["out"], "model.safetensors")));
    }

    [Theory]
    [InlineData("{\"dtype\":\"float32\",", "dtype")]
    [InlineData("{", "torch_dtype")]
    public void The_type_is_declared_under_the_sources_key(string start, string key)
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["base"]);
        string config = File.ReadAllText(Path.Combine(temp["base"], "config.json")).Replace("\"torch_dtype\":\"float32\",", "", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(temp["base"], "config.json"), start + config[1..]);
        ModelDirectory source = ModelDirectory.Open(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, Card, new() { StoredType = StoredType.F16 });
        JsonObject written = Config(temp["out"]);
        Assert.Equal("float16", (string?)written[key]);
        Assert.Single(written, p => p.Key.EndsWith("dtype", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 3000)]
    [InlineData(true, 5_000)]
    public void Shards_have_an_index_and_load_like_one_file(bool tied, long maxBytes)
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"], tied: tied);
        using WeightTable weights = source.LoadWeights();
        string sha = ModelWriter.Write(temp["out"], source, weights, Card, new() { MaxShardBytes = maxBytes });
        Assert.Equal(WeightsDigest.Sha256(weights), sha);
        using WeightTable back = ModelDirectory.Open(temp["out"]).LoadWeights();
        Assert.Equal(sha, WeightsDigest.Sha256(back));

        JsonElement index = JsonElement.Parse(File.ReadAllText(Path.Combine(temp["out"], "model.safetensors.index.json")));
        Assert.Equal(4 * weights.ParameterCount, index.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(weights.Tensors.Select(t => t.Name), index.GetProperty("weight_map").EnumerateObject().Select(p => p.Name));
        string[] shards = [.. Directory.EnumerateFiles(temp["out"], "*.safetensors").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(1, shards.Length).Select(i => $"model-{i:D5}-of-{shards.Length:D5}.safetensors"), shards);
        Assert.Equal(maxBytes == 1 ? weights.Tensors.Count : shards.Length, shards.Length);
    }

    [Fact]
    public void The_file_is_laid_out_as_the_format_asks()
    {
        using TempFolder temp = new();
        using WeightTable table = new([new("b", [3]), new("a", [2]), new("c", [])]);
        table["b"].Span[2] = 5;
        SafetensorsWriter.WriteFile(temp["x.safetensors"], [new(table["a"], StoredType.BF16), new(table["b"], StoredType.F32), new(table["c"], StoredType.F16)]);
        byte[] bytes = File.ReadAllBytes(temp["x.safetensors"]);
        int header = BitConverter.ToInt32(bytes, 0);
        Assert.Equal(0, header % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},"c":{"dtype":"F16","shape":[],"data_offsets":[16,18]}}""",
            System.Text.Encoding.UTF8.GetString(bytes, 8, header).TrimEnd(' '));
        Assert.Equal(8 + header + 18, bytes.Length);
        Assert.Equal(5f, BitConverter.ToSingle(bytes, 8 + header + 8));
        Assert.Equal([temp["x.safetensors"]], Directory.EnumerateFiles(temp.Path));
    }

    [Theory]
    [InlineData(float.NaN, StoredType.F32, "no checkpoint may hold")]
    [InlineData(float.NegativeInfinity, StoredType.BF16, "no checkpoint may hold")]
    [InlineData(65_520f, StoredType.F16, "float16 cannot hold")]
    [InlineData(float.MaxValue, StoredType.BF16, "bfloat16 cannot hold")]
    public void A_weight_without_a_value_in_its_type_stops_the_write(float value, StoredType type, string words)
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        weights["model.norm.weight"].Span[7] = value;
        var fault = Assert.Throws<EvoluteFaultException>(() => ModelWriter.Write(temp["out"], source, weights, Card, new() { StoredType = type }));
        Assert.Contains("Element 7 of tensor 'model.norm.weight'", fault.Message);
        Assert.Contains(words, fault.Message);
        Assert.Equal([temp["base"]], Directory.EnumerateFileSystemEntries(temp.Path));
    }

    [Fact]
    public void An_existing_folder_gives_way_only_when_asked_and_written_by_this_project()
    {
        using TempFolder temp = new();
        ModelDirectory source = TinyModel.Create(temp["base"]);
        using WeightTable weights = source.LoadWeights();
        ModelWriter.Write(temp["out"], source, weights, Card);
        Assert.Contains("there already", Assert.Throws<EvoluteInputException>(() => ModelWriter.Write(temp["out"], source, weights, "new")).Message);
        Assert.Contains("checkpoint.json", Assert.Throws<EvoluteInputException>(() => ModelWriter.Write(temp["base"], source, weights, "new", new() { Replace = true })).Message);
        ModelWriter.Write(temp["out"], source, weights, "new", new() { Replace = true });
        Assert.Equal("new", File.ReadAllText(Path.Combine(temp["out"], "README.md")));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(temp.Path).Count());
    }

    private static JsonObject Config(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
}
