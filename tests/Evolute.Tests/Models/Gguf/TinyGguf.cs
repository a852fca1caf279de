using System.Text.Json.Nodes;
using Evolute.Models;
using Evolute.Models.Gguf;

namespace Evolute.Tests.Models.Gguf;

/// <summary>A tiny model of any family on its way into a GGUF file and back through the tests' own reader.</summary>
internal sealed class TinyGguf : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly ModelDirectory _model;

    /// <summary>A model without a tokenizer.</summary>
    /// <param name="modelType"><c>model_type</c> of config.json.</param>
    /// <param name="config">More of config.json, as JSON.</param>
    public TinyGguf(string modelType, string config = "{}")
    {
        JsonObject tiny = JsonNode.Parse(TinyModel.Config)!.AsObject();
        tiny.Remove("architectures");
        tiny["model_type"] = modelType;
        foreach ((string key, int value) in ((string, int)[])[("hidden_size", 32), ("intermediate_size", 48), ("num_attention_heads", 2), ("head_dim", 16)]) tiny[key] = value;
        foreach ((string key, JsonNode? value) in JsonNode.Parse(config)!.AsObject()) tiny[key] = value?.DeepClone();
        Folder = _temp["model"];
        Directory.CreateDirectory(Folder);
        Write("config.json", tiny);
        _model = ModelDirectory.Open(Folder);
        Weights = new WeightTable(DecoderTensors.Of(_model.Spec));
        Random random = new(3);
        foreach (WeightTensor tensor in Weights.Tensors)
            foreach (ref float value in tensor.Span) value = (float)(random.NextDouble() - 0.5);
    }

    public string Folder { get; }

    public WeightTable Weights { get; }

    public List<string> Notes { get; } = [];

    public void Write(string name, JsonNode json) => File.WriteAllText(Path.Combine(Folder, name), json.ToJsonString());

    public GgufContent Export(GgufType type = GgufType.F32, Func<string, int[]>? encode = null)
    {
        using MemoryStream file = new();
        GgufModel.Of("Tiny", _model, Weights, type, Notes.Add, encode).Write(file, _ => { }, TestContext.Current.CancellationToken);
        return GgufContent.Read(file.ToArray());
    }

    public float[] Values(string name) => Weights[name].Span.ToArray();

    public void Dispose()
    {
        Weights.Dispose();
        _temp.Dispose();
    }
}
