using System.Globalization;
using Evolute.Models;

namespace Evolute.Text.Reading;

/// <summary>Reads <c>added_tokens</c> of tokenizer.json and <c>added_tokens_decoder</c> of tokenizer_config.json.</summary>
internal static class AddedTokensReader
{
    public static IReadOnlyList<AddedToken> Read(ConfigReader json, ConfigReader? config, Vocabulary vocabulary)
    {
        List<AddedToken> tokens = [];
        if (json.Has("added_tokens"))
            foreach (ConfigReader entry in TokenizerFile.Components(json, "added_tokens"))
                Add(entry, entry.Int("id", 0, ConfigLimits.Vocabulary - 1), tokens, vocabulary);
        // The second file repeats the first; what it has beyond it counts too.
        HashSet<string> known = [.. tokens.Select(t => t.Content)];
        foreach ((int id, ConfigReader entry) in ConfigEntries(config))
            if (!known.Contains(Content(entry))) Add(entry, id, tokens, vocabulary);
        return tokens;
    }

    private static IEnumerable<(int Id, ConfigReader Entry)> ConfigEntries(ConfigReader? config)
    {
        if (config?.OptionalObject("added_tokens_decoder") is not { } entries) yield break;
        foreach (string key in entries.Keys)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id >= ConfigLimits.Vocabulary)
                throw entries.Bad(key, "named by a token id");
            yield return (id, entries.OptionalObject(key)!);
        }
    }

    private static void Add(ConfigReader entry, int id, List<AddedToken> tokens, Vocabulary vocabulary)
    {
        AddedToken token = new(id, Content(entry))
        {
            Special = entry.OptionalBool("special") ?? false,
            Normalized = entry.OptionalBool("normalized") ?? !(entry.OptionalBool("special") ?? false),
            SingleWord = entry.OptionalBool("single_word") ?? false,
            StripLeft = entry.OptionalBool("lstrip") ?? false,
            StripRight = entry.OptionalBool("rstrip") ?? false,
        };
        if (!vocabulary.TryAddAdded(token.Content, id))
            throw entry.Bad("content", $"a token of its own with an id of its own ({id} or the text is taken by another token)");
        tokens.Add(token);
    }

    private static string Content(ConfigReader entry) =>
        entry.OptionalString("content") is { Length: > 0 } content ? content : throw entry.Bad("content", "a text that is not empty");
}
