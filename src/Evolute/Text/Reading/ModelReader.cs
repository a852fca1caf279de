using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Subwords;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    /// <summary>SentencePiece's mark for a space.</summary>
    public const char WordMark = '▁';

    private const string Known = "BPE, Unigram";

    public static Vocabulary ReadVocabulary(ConfigReader model) => Type(model) == "BPE" ? BpeReader.ReadVocabulary(model) : UnigramReader.ReadVocabulary(model);

    /// <summary>The model, and whether pieces may be cut before word marks without changing what it gives.</summary>
    public static (SubwordModel Model, bool SplitsAtMarks) Read(ConfigReader model, Vocabulary vocabulary, IReadOnlyList<AddedToken> added, bool byteLevel)
    {
        if (Type(model) == "BPE") return BpeReader.Read(model, vocabulary, byteLevel);
        if (byteLevel) throw model.Unsupported("type", "a byte-level pre-tokenizer needs a BPE model");
        return (UnigramReader.Read(model, vocabulary, added), false);
    }

    /// <summary>The ids of the tokens for single bytes where all of them are there.</summary>
    internal static int[]? ByteTokens(Vocabulary vocabulary)
    {
        int[] ids = [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf($"<0x{b:X2}>") ?? -1)];
        return ids.Contains(-1) ? null : ids;
    }

    /// <summary>Old files name no type; the shape of the vocabulary tells.</summary>
    private static string Type(ConfigReader model) => model.OptionalString("type") switch
    {
        null => model.Get("vocab") is { ValueKind: JsonValueKind.Array } ? "Unigram" : "BPE",
        var type and ("BPE" or "Unigram") => type,
        _ => throw TokenizerFile.Unknown(model, Known),
    };
}
