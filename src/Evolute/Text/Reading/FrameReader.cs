using System.Text.Json;
using Evolute.Models;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>post_processor</c> of tokenizer.json.</summary>
internal static class FrameReader
{
    private const string Known = "ByteLevel, BertProcessing, RobertaProcessing, Sequence, TemplateProcessing";

    public static TokenFrame Read(ConfigReader? json, Vocabulary vocabulary) => json?.OptionalString("type") switch
    {
        null => json is null ? TokenFrame.None : throw json.Bad("type", "a string"),
        "ByteLevel" => TokenFrame.None,
        "BertProcessing" or "RobertaProcessing" => new TokenFrame([PairedId(json, "cls")], [PairedId(json, "sep")]),
        "Sequence" => TokenizerFile.Components(json, "processors")
            .Aggregate(TokenFrame.None, (frame, step) => frame.Inside(Read(step, vocabulary))),
        "TemplateProcessing" => ReadTemplate(json, vocabulary),
        _ => throw TokenizerFile.Unknown(json, Known),
    };

    /// <summary>The id of <c>["&lt;s&gt;", 0]</c>.</summary>
    private static int PairedId(ConfigReader json, string key) =>
        json.Get(key) is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2
        && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out int id) && id >= 0
            ? id
            : throw json.Bad(key, "a list of a token and its id");

    private static TokenFrame ReadTemplate(ConfigReader json, Vocabulary vocabulary)
    {
        List<int> before = [], after = [];
        bool passed = false;
        foreach (ConfigReader piece in TokenizerFile.Components(json, "single"))
            if (piece.Has("Sequence")) passed = true;
            else (passed ? after : before).AddRange(SpecialIds(piece, json, vocabulary));
        return new TokenFrame(before, after);
    }

    private static IEnumerable<int> SpecialIds(ConfigReader piece, ConfigReader json, Vocabulary vocabulary)
    {
        string name = piece.OptionalObject("SpecialToken")?.OptionalString("id") ?? throw piece.Bad("SpecialToken", "an object with id");
        ConfigReader? described = json.OptionalObject("special_tokens")?.OptionalObject(name);
        if (described is not null && described.OptionalIntOrList("ids", 0, ConfigLimits.Vocabulary - 1) is { } ids) return ids;
        return [vocabulary.IdOf(name) ?? throw new EvoluteInputException(
            $"{json.File}: the post_processor names token {Quoted.Text(name)}, which is neither in its special_tokens nor in the vocabulary.")];
    }
}
