using Evolute.Models;
using Evolute.Text.Normalization;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Known = "NFC, Prepend, Replace, Sequence";

    public static TextNormalizer? Read(ConfigReader? json) => json?.OptionalString("type") switch
    {
        null => json is null ? null : throw json.Bad("type", "a string"),
        "NFC" => new NfcNormalizer(),
        "Prepend" => new PrependNormalizer(json.OptionalString("prepend") ?? throw json.Bad("prepend", "a string")),
        "Replace" => new ReplaceNormalizer(Literal(json), json.OptionalString("content") ?? throw json.Bad("content", "a string")),
        "Sequence" => new NormalizerSequence([.. TokenizerFile.Components(json, "normalizers").Select(n => Read(n)!)]),
        _ => throw TokenizerFile.Unknown(json, Known),
    };

    /// <summary>The text of a pattern <c>{"String": "…"}</c>.</summary>
    internal static string Literal(ConfigReader json) =>
        json.OptionalObject("pattern")?.OptionalString("String") is { Length: > 0 } literal ? literal
        : throw json.Unsupported("pattern", "a replacement has a pattern of the form {\"String\": …}");
}
