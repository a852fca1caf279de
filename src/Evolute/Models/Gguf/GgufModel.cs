using System.Globalization;

namespace Evolute.Models.Gguf;

/// <summary>A model as one GGUF file that llama.cpp loads, with the names, parameters and tokenizer that llama.cpp's own converter gives it.</summary>
public sealed class GgufModel
{
    private const uint QuantizationVersion = 2;

    private readonly GgufMetadata _metadata = new();
    private readonly List<GgufTensor> _tensors = [];

    internal GgufModel(string name, string folder, ConfigReader config, ModelSpec spec, WeightTable weights, GgufType type, Action<string> note, Func<string, int[]>? encode = null)
    {
        GgufFamily family = GgufFamily.Of(config, spec);
        _metadata.Add("general.architecture", family.Architecture);
        _metadata.Add("general.type", "model");
        _metadata.Add("general.name", name);
        _metadata.Add("general.size_label", SizeLabel(weights.ParameterCount));
        _metadata.Add("general.file_type", type.FileType());
        _metadata.Add("general.quantization_version", QuantizationVersion);
        GgufParameters parameters = new(_metadata, family, spec, config, _tensors, note);
        parameters.Describe();
        GgufTokenizer.Describe(parameters, folder, encode);
        _tensors.AddRange(new GgufWeights(family, spec, type).Of(weights));
    }

    /// <summary>Bytes of all tensors.</summary>
    public long Bytes => _tensors.Sum(t => t.Bytes);

    /// <summary>Prepares a file; the weights are read when it is written.</summary>
    /// <param name="name">The model's name for people.</param>
    /// <param name="source">The model that the weights came from.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="type">How matrices are stored, or null for as they were in the checkpoint; vectors are float32.</param>
    /// <param name="note">Told in a sentence what llama.cpp does otherwise.</param>
    /// <param name="encode">The model's tokenizer, or null where it has none.</param>
    /// <exception cref="EvoluteInputException">llama.cpp has no such model.</exception>
    public static GgufModel Of(string name, ModelDirectory source, WeightTable weights, GgufType? type, Action<string> note, Func<string, int[]>? encode) =>
        new(name, source.Path, new ConfigReader(source.Config, Path.Combine(source.Path, ModelFiles.Config)), source.Spec, weights, type ?? StoredAs(weights), note, encode);

    /// <summary>Writes the file; it appears complete or not at all.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="written">Told the bytes of each piece of data.</param>
    /// <param name="stop">Ends the work; nothing is left of it.</param>
    /// <exception cref="EvoluteInputException">The name is taken.</exception>
    /// <exception cref="EvoluteFaultException">The disk is full or refuses, or a value does not fit its type.</exception>
    public void Write(string path, Action<long> written, CancellationToken stop = default)
    {
        if (Path.Exists(path)) throw new EvoluteInputException($"{path}: this is there already; name another file, or remove it first.");
        DurableFile.Replace(path, stream => Write(stream, written, stop));
    }

    internal void Write(Stream stream, Action<long> written, CancellationToken stop) => GgufFile.Write(stream, _metadata, _tensors, written, stop);

    private static GgufType StoredAs(WeightTable weights) => GgufTypes.Of(weights.Tensors.GroupBy(t => t.StoredType).MaxBy(group => group.Sum(t => t.Length))!.Key);

    /// <summary>A number of parameters with two digits at least: <c>0.5B</c> is <c>494M</c>.</summary>
    private static string SizeLabel(long parameters)
    {
        (double value, string unit) = parameters switch
        {
            > 1_000_000_000_000 => (parameters * 1e-12, "T"),
            > 1_000_000_000 => (parameters * 1e-9, "B"),
            > 1_000_000 => (parameters * 1e-6, "M"),
            _ => (parameters * 1e-3, "K"),
        };
        int decimals = Math.Max(2 - Math.Round(value).ToString("0", CultureInfo.InvariantCulture).TrimStart('0').Length, 0);
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + unit;
    }
}
