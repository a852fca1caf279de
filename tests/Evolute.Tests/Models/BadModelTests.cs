using System.Text;
using System.Text.Json.Nodes;
using Evolute.Models;

namespace Evolute.Tests.Models;

/// <summary>Model folders that are not as they should be: one sentence each, that names the file and the tensor or key.</summary>
public class BadModelTests
{
    private const string Norm = "model.norm.weight", Query = "model.layers.1.self_attn.q_proj.weight";

    [Theory]
    [InlineData(float.NaN, "element 5 of tensor 'model.norm.weight' is not a number")]
    [InlineData(float.PositiveInfinity, "element 5 of tensor 'model.norm.weight' is infinite")]
    public void Weights_that_are_not_finite_are_named(float value, string words)
    {
        foreach (StoredType type in Enum.GetValues<StoredType>())
        {
            using TempFolder temp = new();
            TinyModel.Create(temp["m"], type);
            // A float32, bfloat16 or binary16 that is NaN or infinite, put in by hand as the writer refuses it.
            byte[] bits = type == StoredType.F32 ? BitConverter.GetBytes(value)
                : BitConverter.GetBytes((ushort)((type == StoredType.BF16 ? 0x7F80 : 0x7C00) | (float.IsNaN(value) ? 1 : 0)));
            Patch(temp["m"], Norm, 5 * type.Size(), bits);
            Assert.Contains(words, LoadFails(temp["m"], "model.safetensors"));
        }
    }

    [Fact]
    public void Missing_and_superfluous_tensors_are_named()
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["m"]);
        Rewrite(temp["m"], tensors => tensors.RemoveAll(t => t.Name == Query));
        Assert.Contains($"tensor '{Query}' is not in the model's weights", LoadFails(temp["m"]));

        TinyModel.Create(temp["m"]);
        Rewrite(temp["m"], tensors => tensors.Add(new("model.layers.2.mlp.up_proj.weight", [24, 16])));
        Assert.Contains("tensor 'model.layers.2.mlp.up_proj.weight' has no place in a llama model", LoadFails(temp["m"], "model.safetensors"));

        TinyModel.Create(temp["m"], tied: false);
        Rewrite(temp["m"], tensors => tensors.RemoveAll(t => t.Name == TensorNames.Head));
        Assert.Contains("\"tie_word_embeddings\": true", LoadFails(temp["m"]));
    }

    [Theory]
    [InlineData(Norm, new long[] { 8, 2 }, "has shape [8, 2], but config.json asks for [16]")]
    [InlineData(Query, new long[] { 16 }, "has shape [16], but config.json asks for [16, 16]")]
    [InlineData(Query, new long[] { 16, 0 }, "has shape [16, 0], but")]
    [InlineData(Norm, new long[] { }, "has shape [], but")]
    public void Wrong_shapes_are_named(string name, long[] shape, string words)
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["m"]);
        Rewrite(temp["m"], tensors => tensors[tensors.FindIndex(t => t.Name == name)] = new(name, shape));
        Assert.Contains($"tensor '{name}' {words}", LoadFails(temp["m"], "model.safetensors"));
    }

    [Theory]
    [InlineData("I32")]
    [InlineData("U32")]
    [InlineData("f32")]
    [InlineData("0")]
    [InlineData("X\\u0000")]
    public void Types_that_are_no_weights_are_named(string dtype)
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["m"]);
        string path = Path.Combine(temp["m"], "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(bytes);
        string json = Encoding.UTF8.GetString(bytes, 8, header);
        json = json.Replace($"\"{Norm}\":{{\"dtype\":\"F32\"", $"\"{Norm}\":{{\"dtype\":\"{dtype}\"", StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. Encoding.UTF8.GetBytes(json), .. bytes[(8 + header)..]]);
        string message = LoadFails(temp["m"], "model.safetensors");
        Assert.Contains($"tensor '{Norm}' is stored as", message);
        Assert.Contains("must be F32, BF16 or F16", message);
    }

    [Fact]
    public void A_tied_model_may_hold_its_head_only_if_it_is_the_embedding()
    {
        using TempFolder temp = new();
        ModelDirectory model = TinyModel.Create(temp["m"]);
        using WeightTable weights = model.LoadWeights();
        using WeightTable both = new([.. DecoderTensors.Of(model.Spec), new(TensorNames.Head, [40, 16]), new("model.rotary_emb.inv_freq", [4])]);
        foreach (WeightTensor tensor in weights.Tensors) both[tensor.Name].CopyFrom(tensor);
        both[TensorNames.Head].CopyFrom(weights[TensorNames.Embedding]);
        Save(temp["m"], both);
        using (WeightTable back = model.LoadWeights()) Assert.Equal(WeightsDigest.Sha256(weights), WeightsDigest.Sha256(back));
        both[TensorNames.Head].Span[639] += 1;
        Save(temp["m"], both);
        Assert.Contains("tensor 'lm_head.weight' differs from the input embedding", LoadFails(temp["m"], "model.safetensors"));
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"", "model_type = '\"gpt2\"' is not supported: the supported architectures are gemma, ")]
    [InlineData("model_type", "null", "model_type is missing")]
    [InlineData("model_type", "5", "model_type must be a string")]
    [InlineData("architectures", "[\"LlamaForSequenceClassification\"]", "of llama models only LlamaForCausalLM is")]
    [InlineData("vocab_size", "0", "vocab_size must be a whole number from 1 to")]
    [InlineData("vocab_size", "1e9", "vocab_size must be a whole number")]
    [InlineData("hidden_size", "null", "hidden_size is missing")]
    [InlineData("hidden_size", "15", "hidden_size must be a multiple of num_attention_heads (2)")]
    [InlineData("num_hidden_layers", "-1", "num_hidden_layers must be")]
    [InlineData("num_attention_heads", "\"2\"", "num_attention_heads must be")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads must be a divisor")]
    [InlineData("rms_norm_eps", "-1", "rms_norm_eps must be a number from")]
    [InlineData("hidden_act", "\"relu\"", "hidden_act = '\"relu\"' is not supported")]
    [InlineData("quantization_config", "{}", "quantized weights are not read")]
    [InlineData("eos_token_id", "40", "eos_token_id must be")]
    [InlineData("tie_word_embeddings", "\"yes\"", "tie_word_embeddings must be true or false")]
    public void Bad_configurations_are_named_by_key(string key, string value, string words)
    {
        using TempFolder temp = new();
        TinyModel.Create(temp["m"]);
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(temp["m"], "config.json")))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(temp["m"], "config.json"), config.ToJsonString());
        Assert.Contains(words, OpenFails(temp["m"], "config.json"));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"model_type\":\"llama\",\"model_type\":\"qwen2\"}", "not valid JSON")]
    [InlineData("{\"model_type\":\"\\ud800\"}", "not valid JSON")]
    [InlineData("{\"model_type\":\"llama\",\"x\":[{\"\\udC00\":1}]}", "not valid JSON")]
    [InlineData("\0\0", "not valid JSON")]
    public void Configurations_that_are_no_json_objects_are_named(string text, string words)
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp["m"]);
        File.WriteAllText(Path.Combine(temp["m"], "config.json"), text);
        Assert.Contains(words, OpenFails(temp["m"], "config.json"));
        File.WriteAllBytes(Path.Combine(temp["m"], "config.json"), [.. "{\"model_type\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("not valid JSON", OpenFails(temp["m"], "config.json"));
    }

    [Fact]
    public void Deep_and_large_configurations_are_refused_before_they_cost_anything()
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp["m"]);
        File.WriteAllText(Path.Combine(temp["m"], "config.json"), "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}");
        Assert.Contains("not valid JSON", OpenFails(temp["m"], "config.json"));
        using (FileStream large = File.Create(Path.Combine(temp["m"], "config.json"))) large.SetLength(1L << 40);
        Assert.Contains("larger than 16777216 bytes", OpenFails(temp["m"], "config.json"));
    }

    [Fact]
    public void What_is_missing_is_named_with_the_mend()
    {
        using TempFolder temp = new();
        Assert.Contains("there is no such folder", OpenFails(temp["m"]));
        Directory.CreateDirectory(temp["m"]);
        Assert.Contains("there is no config.json", OpenFails(temp["m"]));
        TinyModel.Create(temp["m"]);
        File.Delete(Path.Combine(temp["m"], "model.safetensors"));
        Assert.Contains("there is neither model.safetensors nor model.safetensors.index.json", LoadFails(temp["m"]));
        File.WriteAllText(Path.Combine(temp["m"], "pytorch_model.bin"), "");
        Assert.Contains("not from 'pytorch_model.bin'; convert the model", LoadFails(temp["m"]));
    }

    private static void Rewrite(string folder, Action<List<TensorSpec>> change)
    {
        List<TensorSpec> tensors = [.. DecoderTensors.Of(ModelDirectory.Open(folder).Spec)];
        change(tensors);
        using WeightTable weights = new(tensors);
        Save(folder, weights);
    }

    private static void Save(string folder, WeightTable weights) =>
        SafetensorsWriter.WriteFile(Path.Combine(folder, "model.safetensors"), [.. weights.Tensors.Select(t => new TensorToStore(t, StoredType.F32))]);

    private static void Patch(string folder, string tensor, int offset, byte[] bytes)
    {
        string path = Path.Combine(folder, "model.safetensors");
        long begin;
        using (SafetensorsFile file = SafetensorsFile.Open(path)) begin = file.Tensors[tensor].Begin;
        byte[] all = File.ReadAllBytes(path);
        bytes.CopyTo(all, 8 + BitConverter.ToInt64(all) + begin + offset);
        File.WriteAllBytes(path, all);
    }

    private static string OpenFails(string folder, string? file = null) => Sentence(() => ModelDirectory.Open(folder), folder, file);

    private static string LoadFails(string folder, string? file = null) => Sentence(() => ModelDirectory.Open(folder).LoadWeights(), folder, file);

    private static string Sentence(Func<object> action, string folder, string? file)
    {
        string message = Assert.Throws<EvoluteInputException>(action).Message;
        Assert.StartsWith((file is null ? folder : Path.Combine(folder, file)) + ": ", message);
        Assert.DoesNotContain(message, c => char.IsControl(c));
        Assert.EndsWith(".", message);
        return message;
    }
}
