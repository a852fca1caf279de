using System.Text.Json;
using Evolute.Models;
using Evolute.Text.Subwords;

namespace Evolute.Text.Reading;

/// <summary>Reads a <c>Unigram</c> model of tokenizer.json: a list of tokens and scores.</summary>
internal static class UnigramReader
{
    public static Vocabulary ReadVocabulary(ConfigReader model)
    {
        Vocabulary vocabulary = new(Entries(model).GetArrayLength());
        foreach ((string token, _) in Tokens(model))
            if (!vocabulary.TryAddModel(token, vocabulary.Size))
                throw new EvoluteInputException($"{model.File}: model.vocab holds token {Quoted.Text(token)} twice.");
        return vocabulary;
    }

    public static UnigramModel Read(ConfigReader model, Vocabulary vocabulary, IReadOnlyList<AddedToken> added)
    {
        float[] scores = [.. Tokens(model).Select(t => t.Score)];
        int unknown = model.OptionalInt("unk_id", 0, scores.Length - 1) ?? throw model.Bad("unk_id", "the id of the unknown token");
        int[]? bytes = model.OptionalBool("byte_fallback") ?? false ? ModelReader.ByteTokens(vocabulary) ?? throw model.Unsupported("byte_fallback", "the vocabulary lacks tokens for bytes") : null;
        // Control tokens never come out of text, nor do single bytes written out.
        HashSet<int> notText = [unknown, .. added.Where(t => t.Special).Select(t => t.Id), .. bytes ?? []];
        return new UnigramModel(
            [.. Enumerable.Range(0, scores.Length).Where(id => !notText.Contains(id)).Select(id => (vocabulary.TokenOf(id)!, id))],
            scores, unknown, bytes);
    }

    private static IEnumerable<(string Token, float Score)> Tokens(ConfigReader model)
    {
        int id = 0;
        foreach (JsonElement entry in Entries(model).EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                || entry[0].ValueKind != JsonValueKind.String || entry[1].ValueKind != JsonValueKind.Number
                || !entry[1].TryGetSingle(out float score) || !float.IsFinite(score))
                throw new EvoluteInputException($"{model.File}: model.vocab[{id}] = {Quoted.Text(entry.GetRawText())} must be a list of a token and its score.");
            yield return (entry[0].GetString()!, score);
            id++;
        }
    }

    private static JsonElement Entries(ConfigReader model) =>
        model.Get("vocab") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is > 0 and <= ConfigLimits.Vocabulary
            ? list
            : throw model.Bad("vocab", "a list of tokens and scores");
}
