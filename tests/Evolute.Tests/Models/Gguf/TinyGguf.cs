using System.Text.Json.Nodes;
using Evolute.Models;
using Evolute.Models.Gguf;

namespace Evolute.Tests.Models.Gguf;

/// <summary>A tiny model of any family on its way into a GGUF file and back through the tests' own reader.</summary>
internal sealed class TinyGguf : IDisposable
{
    private readonly TempFolder _temp = new();

    /// <summary>A model without a tokenizer.</summary>
    /// <param name="family">What <c>model_type</c> stands for; the others' sizes are Llama's.</param>
    /// <param name="config">More of config.json.</param>
    /// <param name="tensors">Names and shapes where they are not Llama's.</param>
    public TinyGguf(string family, JsonObject? config = null, IEnumerable<TensorSpec>? tensors = null)
    {
        JsonObject tiny = JsonNode.Parse(TinyModel.Config)!.AsObject();
        foreach ((string key, int value) in ((string, int)[])[("hidden_size", 32), ("intermediate_size", 48), ("num_attention_heads", 2)]) tiny[key] = value;
        foreach ((string key, JsonNode? value) in config ?? []) tiny[key] = value?.DeepClone();
        Folder = _temp["model"];
        Directory.CreateDirectory(Folder);
        File.WriteAllText(ConfigPath, tiny.ToJsonString());
        Spec = ModelDirectory.Open(Folder).Spec with { Family = family };
        tensors ??= DecoderTensors.Of(Spec);
        Weights = new WeightTable(tensors);
        Random random = new(3);
        foreach (WeightTensor tensor in Weights.Tensors)
            foreach (ref float value in tensor.Span) value = (float)(random.NextDouble() - 0.5);
    }

    public string Folder { get; }

    public ModelSpec Spec { get; set; }

    public WeightTable Weights { get; }

    public List<string> Notes { get; } = [];

    /// <summary>config.json as it is read for the export; a test may rewrite the file after the model was opened.</summary>
    public string ConfigPath => Path.Combine(Folder, "config.json");

    public void Write(string name, JsonNode json) => File.WriteAllText(Path.Combine(Folder, name), json.ToJsonString());

    public GgufContent Export(GgufType type = GgufType.F32, Func<string, int[]>? encode = null)
    {
        ConfigReader config = new(JsonFile.ReadObject(ConfigPath, 1 << 20)!.Value, ConfigPath);
        using MemoryStream file = new();
        new GgufModel("Tiny", Folder, config, Spec, Weights, type, Notes.Add, encode).Write(file, _ => { }, TestContext.Current.CancellationToken);
        return GgufContent.Read(file.ToArray());
    }

    public float[] Values(string name) => Weights[name].Span.ToArray();

    public void Dispose()
    {
        Weights.Dispose();
        _temp.Dispose();
    }
}
