using System.Text.Json;

namespace Evolute.Models.Gguf;

/// <summary>Which tokens begin, end and pad a text, and whether they are added to one.</summary>
internal sealed class SpecialTokens
{
    /// <summary>Their names in Hugging Face's files and in GGUF's (the format spells the separator like this).</summary>
    private static readonly (string Name, string Key)[] Kinds =
        [("bos", "bos_token_id"), ("eos", "eos_token_id"), ("unk", "unknown_token_id"), ("sep", "seperator_token_id"), ("pad", "padding_token_id"), ("mask", "mask_token_id")];

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private bool _addsFirst, _addsLast;

    private SpecialTokens() { }

    /// <summary>Reads them where they are: tokenizer_config.json names them, else config.json has their ids.</summary>
    public static SpecialTokens Read(ConfigReader json, ConfigReader tokenizer, ConfigReader model, ModelSpec spec, GgufVocabulary vocabulary)
    {
        SpecialTokens tokens = new();
        foreach ((string name, string key) in Kinds)
        {
            int? id = vocabulary.Added(NameOf(tokenizer, name)) ?? IdOf(model, name, spec);
            if (id is null && name == "eos" && spec.EndTokens.Count > 0) id = spec.EndTokens[0];
            if (id is { } known) tokens._ids.Add(key, known);
        }
        (string? first, string? last) = Frame(json);
        tokens._addsFirst = tokenizer.OptionalBool("add_bos_token") ?? IsSame(vocabulary.Added(first), tokens._ids, "bos_token_id");
        tokens._addsLast = tokenizer.OptionalBool("add_eos_token") ?? IsSame(vocabulary.Added(last), tokens._ids, "eos_token_id");
        return tokens;
    }

    /// <summary>Adds them. Whether they are added to a text is always said, since llama.cpp's defaults differ from kind to kind.</summary>
    public void Describe(GgufMetadata metadata, string prefix)
    {
        foreach ((string _, string key) in Kinds)
            if (_ids.TryGetValue(key, out int id)) metadata.Add(prefix + key, id);
        metadata.Add(prefix + "add_bos_token", _addsFirst && _ids.ContainsKey("bos_token_id"));
        metadata.Add(prefix + "add_eos_token", _addsLast);
    }

    private static bool IsSame(int? id, Dictionary<string, int> ids, string key) => id is { } given && ids.TryGetValue(key, out int known) && given == known;

    /// <summary>A token's content: a string, or an object with it.</summary>
    private static string? NameOf(ConfigReader tokenizer, string name) => tokenizer.Get(name + "_token") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } token when token.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    };

    private static int? IdOf(ConfigReader model, string name, ModelSpec spec) =>
        model.Get(name + "_token_id") is { ValueKind: JsonValueKind.Number } id && id.TryGetInt32(out int value) && value >= 0 && value < spec.VocabularySize ? value : null;

    /// <summary>The special tokens that the post-processor puts first and last.</summary>
    private static (string? First, string? Last) Frame(ConfigReader json)
    {
        ConfigReader? template = GgufTokenizer.Steps(json.OptionalObject("post_processor"), "processors").LastOrDefault(p => p.OptionalString("type") == "TemplateProcessing");
        if (template?.Get("single") is not { ValueKind: JsonValueKind.Array } parts || parts.GetArrayLength() < 2) return (null, null);
        return (SpecialOf(parts[0]), SpecialOf(parts[parts.GetArrayLength() - 1]));
    }

    private static string? SpecialOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("SpecialToken", out JsonElement special) && special.ValueKind == JsonValueKind.Object
        && special.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
