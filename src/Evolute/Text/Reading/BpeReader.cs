using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Subwords;

namespace Evolute.Text.Reading;

/// <summary>Reads a <c>BPE</c> model of tokenizer.json: ids of tokens, and merges in order of precedence.</summary>
internal static class BpeReader
{
    public static Vocabulary ReadVocabulary(ConfigReader model)
    {
        if (model.Get("vocab") is not { ValueKind: JsonValueKind.Object } vocab) throw model.Bad("vocab", "an object of tokens and ids");
        Vocabulary vocabulary = new(vocab.GetPropertyCount());
        foreach (JsonProperty entry in vocab.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0 || id >= ConfigLimits.Vocabulary)
                throw new EvoluteInputException(
                    $"{model.File}: model.vocab has for token {Quoted.Text(entry.Name)} the id {Quoted.Text(entry.Value.GetRawText())}; it must be a whole number from 0 to {ConfigLimits.Vocabulary - 1}.");
            if (!vocabulary.TryAddModel(entry.Name, id))
                throw new EvoluteInputException(
                    $"{model.File}: model.vocab gives id {id} to both {Quoted.Text(vocabulary.TokenOf(id) ?? "")} and {Quoted.Text(entry.Name)}.");
        }
        return vocabulary;
    }

    public static (BpeModel Model, bool SplitsAtMarks) Read(ConfigReader model, Vocabulary vocabulary, bool byteLevel)
    {
        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.OptionalString(affix) is { Length: > 0 }) throw model.Unsupported(affix, "no model family that runs here uses it");
        if (model.OptionalDouble("dropout", 0, 1) is > 0) throw model.Unsupported("dropout", "the same text must give the same ids");
        string? unknown = model.OptionalString("unk_token");
        BpeOptions options = new()
        {
            ByteLevel = byteLevel,
            IgnoreMerges = model.OptionalBool("ignore_merges") ?? false,
            ByteTokens = model.OptionalBool("byte_fallback") ?? false ? ModelReader.ByteTokens(vocabulary) : null,
            FuseUnknown = model.OptionalBool("fuse_unk") ?? false,
            Unknown = unknown is null ? null : vocabulary.IdOf(unknown) ?? throw model.Bad("unk_token", "a token of the vocabulary"),
        };
        MergeTable merges = ReadMerges(model, vocabulary, out bool crossesMarks);
        bool splits = !byteLevel && !options.IgnoreMerges && !crossesMarks && vocabulary.TryGetModelId([ModelReader.WordMark], out _);
        return (new BpeModel(vocabulary, merges, options), splits);
    }

    private static MergeTable ReadMerges(ConfigReader model, Vocabulary vocabulary, out bool crossesMarks)
    {
        if (model.Get("merges") is not { ValueKind: JsonValueKind.Array } merges) throw model.Bad("merges", "a list");
        MergeTable table = new(merges.GetArrayLength());
        int rank = 0;
        crossesMarks = false;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            (string left, string right) = Pair(merge, vocabulary)
                ?? throw new EvoluteInputException(
                    $"{model.File}: model.merges[{rank}] = {Quoted.Text(merge.GetRawText())} is not a merge; it must be two tokens with a space between, or a list of two tokens.");
            table.Add(Id(left), Id(right), rank, Id(left + right));
            crossesMarks |= right[0] == ModelReader.WordMark && left[^1] != ModelReader.WordMark;
            rank++;
        }
        return table;

        int Id(string token) => vocabulary.TryGetModelId(token, out int id) ? id
            : throw new EvoluteInputException($"{model.File}: model.merges[{rank}] needs token {Quoted.Text(token)}, which is not in model.vocab.");
    }

    /// <summary>
    /// A merge is <c>"a b"</c>, or <c>["a", "b"]</c> in files since 2024. Where tokens of the old form hold spaces, the one
    /// split whose parts and whole are tokens counts.
    /// </summary>
    private static (string Left, string Right)? Pair(JsonElement merge, Vocabulary vocabulary)
    {
        if (merge.ValueKind == JsonValueKind.Array)
            return merge.GetArrayLength() == 2 && Text(merge[0]) is { } left && Text(merge[1]) is { } right ? (left, right) : null;
        if (Text(merge) is not { } text) return null;
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && space == text.LastIndexOf(' ') && space < text.Length - 1) return (text[..space], text[(space + 1)..]);
        for (int at = 1; at < text.Length - 1; at++)
            if (text[at] == ' ' && IsToken(text[..at]) && IsToken(text[(at + 1)..]) && IsToken(text.Remove(at, 1)))
                return (text[..at], text[(at + 1)..]);
        return null;

        bool IsToken(string token) => vocabulary.TryGetModelId(token, out _);

        static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;
    }
}
