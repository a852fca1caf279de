using System.Text.Json;

namespace Evolute.Models;

/// <summary>A model in Hugging Face layout: config.json, weights as safetensors, and a tokenizer's files beside them.</summary>
public sealed class ModelDirectory
{
    private const int MaxConfigBytes = 16 << 20;

    private ModelDirectory(string path, ModelSpec spec, JsonElement config)
    {
        Path = path;
        Spec = spec;
        Config = config;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The model, its end tokens and a decoder's first token from generation_config.json where that has any.</summary>
    public ModelSpec Spec { get; }

    /// <summary>config.json as it is.</summary>
    public JsonElement Config { get; }

    /// <summary>The type that config.json declares for the weights, or null where it does not; tensors may be stored otherwise.</summary>
    public StoredType? DeclaredType => DeclaredTypeOf(Config);

    /// <summary>Reads and checks config.json and generation_config.json. The weights are not opened yet.</summary>
    /// <exception cref="EvoluteInputException">
    /// A file is absent or damaged, or the model is one that is not supported.
    /// </exception>
    public static ModelDirectory Open(string path)
    {
        if (!Directory.Exists(path))
            throw new EvoluteInputException($"{path}: there is no such folder; give a model's folder in Hugging Face layout.");
        string file = System.IO.Path.Combine(path, "config.json");
        JsonElement json = JsonFile.ReadObject(file, MaxConfigBytes)
            ?? throw new EvoluteInputException($"{path}: there is no config.json; give a model's folder in Hugging Face layout.");
        ConfigReader config = new(json, file);
        ModelSpec spec = ModelFamilies.Of(config).ReadSpec(config);
        return new ModelDirectory(path, WithGenerationConfig(path, spec), json);
    }

    /// <summary>Loads the weights as float32 masters; 4 bytes a parameter.</summary>
    /// <exception cref="EvoluteInputException">
    /// A file is absent or damaged; or a tensor is missing, superfluous, of a wrong shape or type, or holds NaN or infinity.
    /// </exception>
    /// <exception cref="EvoluteFaultException">There is not enough memory.</exception>
    public WeightTable LoadWeights() => LoadWeightsInterruptibly(CancellationToken.None);

    /// <param name="stop">Ends it with <see cref="OperationCanceledException"/>, since large weights take a while.</param>
    /// <inheritdoc cref="LoadWeights()"/>
    public WeightTable LoadWeightsInterruptibly(CancellationToken stop)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Path);
        return WeightLoader.Load(Spec, checkpoint, stop: stop);
    }

    /// <summary>Loads weights of this model from another folder, as weights that are stored in the types that this one has.</summary>
    /// <inheritdoc cref="LoadWeights()"/>
    internal WeightTable LoadWeights(string folder)
    {
        using Checkpoint own = Checkpoint.Open(Path), other = Checkpoint.Open(folder);
        return WeightLoader.Load(Spec, other, WeightLoader.Check(Spec, own));
    }

    internal static StoredType? DeclaredTypeOf(JsonElement config)
    {
        foreach (string key in (string[])["dtype", "torch_dtype"])
            if (config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String)
                return value.GetString() switch { "float32" => StoredType.F32, "bfloat16" => StoredType.BF16, "float16" => StoredType.F16, _ => null };
        return null;
    }

    private static ModelSpec WithGenerationConfig(string path, ModelSpec spec)
    {
        string file = System.IO.Path.Combine(path, "generation_config.json");
        if (JsonFile.ReadObject(file, MaxConfigBytes) is not JsonElement json) return spec;
        ConfigReader config = new(json, file);
        int lastToken = spec.VocabularySize - 1;
        return spec with
        {
            EndTokens = config.OptionalIntOrList("eos_token_id", 0, lastToken) ?? spec.EndTokens,
            EncoderDecoder = spec.EncoderDecoder is { } sides
                ? sides with { DecoderStartToken = config.OptionalInt("decoder_start_token_id", 0, lastToken) ?? sides.DecoderStartToken }
                : null,
        };
    }
}
