using Evolute.Models;
using Evolute.Text.Normalization;
using Evolute.Text.Splitting;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Known = "NFC, Precompiled, Prepend, Replace, Sequence, Strip";

    public static TextNormalizer? Read(ConfigReader? json) => json?.OptionalString("type") switch
    {
        null => json is null ? null : throw json.Bad("type", "a string"),
        "NFC" => new NfcNormalizer(),
        "Prepend" => new PrependNormalizer(json.OptionalString("prepend") ?? throw json.Bad("prepend", "a string")),
        "Replace" => ReadReplace(json),
        "Strip" => new StripNormalizer(json.OptionalBool("strip_left") ?? true, json.OptionalBool("strip_right") ?? true),
        "Precompiled" => ReadCharacterMap(json),
        "Sequence" => new NormalizerSequence([.. TokenizerFile.Components(json, "normalizers").Select(n => Read(n)!)]),
        _ => throw TokenizerFile.Unknown(json, Known),
    };

    /// <summary>The text of a pattern <c>{"String": "…"}</c>.</summary>
    internal static string Literal(ConfigReader json) =>
        json.OptionalObject("pattern")?.OptionalString("String") is { Length: > 0 } literal ? literal
        : throw json.Unsupported("pattern", "a replacement has a pattern of the form {\"String\": …} here");

    private static TextNormalizer ReadReplace(ConfigReader json)
    {
        string content = json.OptionalString("content") ?? throw json.Bad("content", "a string");
        return json.OptionalObject("pattern")?.OptionalString("Regex") is { Length: > 0 } regex
            ? new ReplaceMatchesNormalizer(RegexPattern.Parse(regex, json.File), content)
            : new ReplaceNormalizer(Literal(json), content);
    }

    private static CharacterMap ReadCharacterMap(ConfigReader json)
    {
        string map = json.OptionalString("precompiled_charsmap") ?? throw json.Bad("precompiled_charsmap", "a string");
        byte[] bytes = new byte[map.Length];
        return Convert.TryFromBase64String(map, bytes, out int count) && CharacterMap.Parse(bytes.AsSpan(0, count)) is { } read
            ? read
            : throw json.Bad("precompiled_charsmap", "a precompiled character map in base64");
    }
}
