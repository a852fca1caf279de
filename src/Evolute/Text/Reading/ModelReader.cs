using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Subwords;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    private const string Known = "BPE";

    public static Vocabulary ReadVocabulary(ConfigReader model)
    {
        RequireType(model);
        if (model.Get("vocab") is not { ValueKind: JsonValueKind.Object } vocab) throw model.Bad("vocab", "an object of tokens and ids");
        Vocabulary vocabulary = new(vocab.GetPropertyCount());
        foreach (JsonProperty entry in vocab.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0 || id >= ConfigLimits.Vocabulary)
                throw new EvoluteInputException(
                    $"{model.File}: model.vocab has for token {Quoted.Text(entry.Name)} the id {entry.Value.GetRawText()}; it must be a whole number from 0 to {ConfigLimits.Vocabulary - 1}.");
            if (!vocabulary.TryAdd(entry.Name, id))
                throw new EvoluteInputException(
                    $"{model.File}: model.vocab gives id {id} to both {Quoted.Text(vocabulary.TokenOf(id) ?? "")} and {Quoted.Text(entry.Name)}.");
        }
        return vocabulary;
    }

    public static SubwordModel Read(ConfigReader model, Vocabulary vocabulary, bool byteLevel)
    {
        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model.OptionalString(affix) is { Length: > 0 }) throw model.Unsupported(affix, "no model family that runs here uses it");
        string? unknown = model.OptionalString("unk_token");
        return new BpeModel(vocabulary, ReadMerges(model, vocabulary), new BpeOptions
        {
            ByteLevel = byteLevel,
            IgnoreMerges = model.OptionalBool("ignore_merges") ?? false,
            ByteFallback = model.OptionalBool("byte_fallback") ?? false,
            FuseUnknown = model.OptionalBool("fuse_unk") ?? false,
            Unknown = unknown is null ? null : vocabulary.IdOf(unknown) ?? throw model.Bad("unk_token", "a token of the vocabulary"),
        });
    }

    private static void RequireType(ConfigReader model)
    {
        if (model.OptionalString("type") is { } type && type != "BPE") throw TokenizerFile.Unknown(model, Known);
    }

    private static MergeTable ReadMerges(ConfigReader model, Vocabulary vocabulary)
    {
        if (model.Get("merges") is not { ValueKind: JsonValueKind.Array } merges) throw model.Bad("merges", "a list");
        MergeTable table = new(merges.GetArrayLength());
        int rank = 0;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            (string left, string right) = Pair(merge, model, rank);
            table.Add(Id(left), Id(right), rank, Id(left + right));
            rank++;
        }
        return table;

        int Id(string token) => vocabulary.IdOf(token)
            ?? throw new EvoluteInputException($"{model.File}: model.merges[{rank}] needs token {Quoted.Text(token)}, which is not in model.vocab.");
    }

    /// <summary>A merge is <c>"a b"</c>, or <c>["a", "b"]</c> in files since 2024, whose tokens may hold spaces.</summary>
    private static (string Left, string Right) Pair(JsonElement merge, ConfigReader model, int rank)
    {
        if (merge.ValueKind == JsonValueKind.String && merge.GetString()!.Split(' ') is [var a, var b]) return (a, b);
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
            return (merge[0].GetString()!, merge[1].GetString()!);
        throw new EvoluteInputException(
            $"{model.File}: model.merges[{rank}] = {Quoted.Text(merge.GetRawText())} is not a merge; it must be two tokens with a space between, or a list of two tokens.");
    }
}
