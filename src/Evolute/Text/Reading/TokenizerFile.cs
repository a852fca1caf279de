using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Subwords;

namespace Evolute.Text.Reading;

/// <summary>Reads a model's tokenizer.json, with the added tokens that tokenizer_config.json alone may name.</summary>
internal static class TokenizerFile
{
    public const string FileName = "tokenizer.json";
    public const string ConfigFileName = "tokenizer_config.json";
    public const int MaxConfigBytes = 50_000_000;
    private const int MaxBytes = 500_000_000;

    public static Tokenizer Read(string directory)
    {
        string file = Path.Combine(directory, FileName);
        JsonElement root = JsonFile.ReadObject(file, MaxBytes) ?? throw new EvoluteInputException(
            $"{file}: there is no such file; the model needs its tokenizer in Hugging Face's tokenizer.json form.");
        ConfigReader json = new(root, file);
        string config = Path.Combine(directory, ConfigFileName);
        return Read(json, JsonFile.ReadObject(config, MaxConfigBytes) is { } c ? new ConfigReader(c, config) : null);
    }

    internal static Tokenizer Read(ConfigReader json, ConfigReader? config)
    {
        ConfigReader model = json.OptionalObject("model") ?? throw json.Bad("model", "an object");
        Vocabulary vocabulary = ModelReader.ReadVocabulary(model);
        IReadOnlyList<AddedToken> added = AddedTokensReader.Read(json, config, vocabulary);
        ConfigReader? splitter = json.OptionalObject("pre_tokenizer");
        (SubwordModel subwords, bool splitsAtMarks) = ModelReader.Read(model, vocabulary, added, byteLevel: SplitterReader.EndsInBytes(splitter));
        TokenizerParts parts = new(
            NormalizerReader.Read(json.OptionalObject("normalizer")),
            SplitterReader.Read(splitter, splitsAtMarks),
            subwords,
            DecoderReader.Read(json, vocabulary),
            FrameReader.Read(json.OptionalObject("post_processor"), vocabulary));
        return new Tokenizer(vocabulary, added, parts);
    }

    /// <summary>The elements of a list of components, each an object.</summary>
    internal static IEnumerable<ConfigReader> Components(ConfigReader json, string key)
    {
        if (json.Get(key) is not { ValueKind: JsonValueKind.Array } list) throw json.Bad(key, "a list");
        int i = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object) throw json.Bad(key, "a list of objects");
            yield return json.Element(key, i++, element);
        }
    }

    /// <summary>An error that names a component that is not built.</summary>
    internal static EvoluteInputException Unknown(ConfigReader json, string known) => json.Unsupported("type", $"there is {known}");
}
