using System.Text.Json;

namespace Evolute.Models.Gguf;

/// <summary>A model's tokenizer on its way into a file's metadata.</summary>
internal static class GgufTokenizer
{
    private const string Prefix = "tokenizer.ggml.";
    private const int MaxBytes = 500_000_000, MaxTemplateBytes = 16 << 20;

    /// <summary>Adds everything that llama.cpp reads of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="encode">The tokenizer itself, or null.</param>
    /// <exception cref="EvoluteInputException">It is of a kind that llama.cpp does not have, or damaged.</exception>
    public static void Describe(GgufParameters model, string folder, Func<string, int[]>? encode)
    {
        string file = Path.Combine(folder, "tokenizer.json");
        if (JsonFile.ReadObject(file, MaxBytes) is not { } root)
        {
            model.Metadata.Add(Prefix + "model", "none");
            model.Note($"{folder} has no tokenizer.json, so the file takes and gives token ids only.");
            return;
        }
        ConfigReader json = new(root, file);
        string configFile = Path.Combine(folder, "tokenizer_config.json");
        ConfigReader config = new(JsonFile.ReadObject(configFile, MaxBytes) ?? JsonSerializer.SerializeToElement(new object()), configFile);
        GgufVocabulary vocabulary = GgufVocabulary.Read(json, config, model.Spec.VocabularySize);
        Describe(model, json, config, vocabulary, encode);
        SpecialTokens.Read(json, config, model.Config, model.Spec, vocabulary).Describe(model.Metadata, Prefix);
        DescribeTemplates(model.Metadata, config, folder);
    }

    private static void Describe(GgufParameters model, ConfigReader json, ConfigReader config, GgufVocabulary vocabulary, Func<string, int[]>? encode)
    {
        GgufMetadata metadata = model.Metadata;
        if (vocabulary.IsSentencePiece)
        {
            metadata.Add(Prefix + "model", "llama");
            metadata.Add(Prefix + "pre", "default");
            metadata.Add(Prefix + "scores", vocabulary.Scores);
            metadata.Add(Prefix + "add_space_prefix", PrependsSpace(json, config));
        }
        else
        {
            metadata.Add(Prefix + "model", "gpt2");
            metadata.Add(Prefix + "pre", PreTokenizer.Name(json) ?? StandIn(model, vocabulary, encode));
            metadata.Add(Prefix + "merges", vocabulary.Merges);
        }
        metadata.Add(Prefix + "tokens", vocabulary.Texts);
        metadata.Add(Prefix + "token_type", vocabulary.Types);
    }

    private static string StandIn(GgufParameters model, GgufVocabulary vocabulary, Func<string, int[]>? encode)
    {
        model.Note($"llama.cpp has no name for the way in which this model's tokenizer splits text, and '{StandInSplitter.Name}' stands in for it: some texts may become other tokens there.");
        if (encode is not null) vocabulary.FindFirst(StandInSplitter.TokensToKeep(vocabulary.Texts, encode));
        return StandInSplitter.Name;
    }

    /// <summary>Whether a text begins as if a space stood before it.</summary>
    private static bool PrependsSpace(ConfigReader json, ConfigReader config)
    {
        if (config.OptionalBool("add_prefix_space") is { } given) return given;
        IEnumerable<ConfigReader> steps = Steps(json.OptionalObject("normalizer"), "normalizers").Concat(Steps(json.OptionalObject("pre_tokenizer"), "pretokenizers"));
        return steps.Any(step => step.OptionalString("type") == "Prepend" || step.OptionalString("type") == "Metaspace" && step.OptionalString("prepend_scheme") is not "never");
    }

    private static void DescribeTemplates(GgufMetadata metadata, ConfigReader config, string folder)
    {
        string jinja = Path.Combine(folder, "chat_template.jinja"), json = Path.Combine(folder, "chat_template.json");
        if (config.Get("chat_template") is { ValueKind: JsonValueKind.Array } named) DescribeNamed(metadata, named);
        else if (config.Get("chat_template") is { ValueKind: JsonValueKind.String } text) metadata.Add("tokenizer.chat_template", text.GetString()!);
        else if (File.Exists(jinja)) metadata.Add("tokenizer.chat_template", Text(jinja));
        else if (JsonFile.ReadObject(json, MaxTemplateBytes) is { } root && new ConfigReader(root, json).OptionalString("chat_template") is { } template) metadata.Add("tokenizer.chat_template", template);
    }

    /// <summary>A list of templates with names: <c>default</c> is the one that counts, the others are told apart by their names.</summary>
    private static void DescribeNamed(GgufMetadata metadata, JsonElement list)
    {
        List<string> names = [];
        foreach (JsonElement entry in list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object))
        {
            if (!entry.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String) continue;
            if (!entry.TryGetProperty("template", out JsonElement template) || template.ValueKind != JsonValueKind.String) continue;
            string plain = string.Concat(name.GetString()!.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_')).ToLowerInvariant();
            if (plain == "default") metadata.Add("tokenizer.chat_template", template.GetString()!);
            else if (plain.Length > 0 && !names.Contains(plain))
            {
                names.Add(plain);
                metadata.Add("tokenizer.chat_template." + plain, template.GetString()!);
            }
        }
        if (names.Count > 0) metadata.Add("tokenizer.chat_templates", names);
    }

    private static string Text(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxTemplateBytes ? File.ReadAllText(path) : throw new EvoluteInputException($"{path}: the file is larger than {MaxTemplateBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A component, or those of a sequence of them.</summary>
    internal static IEnumerable<ConfigReader> Steps(ConfigReader? component, string key)
    {
        if (component is null) return [];
        if (component.OptionalString("type") != "Sequence" || component.Get(key) is not { ValueKind: JsonValueKind.Array } list) return [component];
        return list.EnumerateArray().Select((element, i) => component.Element(key, i, element)).SelectMany(step => Steps(step, key));
    }
}
