using Evolute.Models;
using Evolute.Text.Splitting;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class SplitterReader
{
    private const string Known = "ByteLevel, Digits, Metaspace, Sequence, Split, WhitespaceSplit";

    /// <param name="json">The component, or null.</param>
    /// <param name="atMarks">No token of the model crosses the beginning of a word, so pieces may be cut there too.</param>
    public static TextSplitter? Read(ConfigReader? json, bool atMarks) => (Read(json), atMarks) switch
    {
        ({ } splitter, true) => new SplitterSequence([splitter, new WordStartSplitter(ModelReader.WordMark)]),
        (null, true) => new WordStartSplitter(ModelReader.WordMark),
        (var splitter, _) => splitter,
    };

    private static TextSplitter? Read(ConfigReader? json) => json?.OptionalString("type") switch
    {
        null => json is null ? null : throw json.Bad("type", "a string"),
        "Sequence" => ReadSequence(json),
        "Split" => new PatternSplitter(Pattern(json), Behavior(json), json.OptionalBool("invert") ?? false),
        "Digits" => new PatternSplitter(new DigitsPattern(json.OptionalBool("individual_digits") ?? false), SplitBehavior.Isolated, invert: false),
        "ByteLevel" => new ByteLevelSplitter(
            json.OptionalBool("add_prefix_space") ?? true,
            json.OptionalBool("use_regex") ?? true ? WordPattern.For(WordPattern.Gpt2) : null),
        "WhitespaceSplit" => new PatternSplitter(new WhiteSpacePattern(), SplitBehavior.Removed, invert: false),
        "Metaspace" => new MetaspaceSplitter(Replacement(json), Scheme(json), json.OptionalBool("split") ?? true),
        _ => throw TokenizerFile.Unknown(json, Known),
    };

    /// <summary>The character that stands for a space.</summary>
    internal static char Replacement(ConfigReader json) =>
        json.OptionalString("replacement") is [var replacement] ? replacement : throw json.Bad("replacement", "one character");

    /// <summary>Files before 2024 say only whether a space is put first.</summary>
    internal static PrependScheme Scheme(ConfigReader json) => json.OptionalString("prepend_scheme") switch
    {
        "always" => PrependScheme.Always,
        "never" => PrependScheme.Never,
        "first" => PrependScheme.First,
        null => json.OptionalBool("add_prefix_space") ?? true ? PrependScheme.Always : PrependScheme.Never,
        _ => throw json.Bad("prepend_scheme", "always, never or first"),
    };

    /// <summary>Whether the pieces are written in the byte alphabet at the end.</summary>
    public static bool EndsInBytes(ConfigReader? json) => json?.OptionalString("type") switch
    {
        "ByteLevel" => true,
        "Sequence" => TokenizerFile.Components(json, "pretokenizers").LastOrDefault() is { } last && EndsInBytes(last),
        _ => false,
    };

    private static SplitterSequence ReadSequence(ConfigReader json)
    {
        ConfigReader[] steps = [.. TokenizerFile.Components(json, "pretokenizers")];
        // After the byte alphabet there are no letters left to split by; no known tokenizer does so.
        if (steps.SkipLast(1).Any(EndsInBytes)) throw json.Unsupported("pretokenizers", "ByteLevel must be the last of a sequence");
        return new SplitterSequence([.. steps.Select(s => Read(s)!)]);
    }

    private static PiecePattern Pattern(ConfigReader json)
    {
        ConfigReader pattern = json.OptionalObject("pattern") ?? throw json.Bad("pattern", "an object with String or Regex");
        if (pattern.OptionalString("String") is { Length: > 0 } literal) return new LiteralPattern(literal);
        if (pattern.OptionalString("Regex") is not { Length: > 0 } regex) throw json.Bad("pattern", "an object with String or Regex");
        return (PiecePattern?)WordPattern.For(regex) ?? RegexPattern.Parse(regex, json.File);
    }

    private static SplitBehavior Behavior(ConfigReader json) =>
        json.OptionalString("behavior") is { } name && Enum.TryParse(name, out SplitBehavior behavior) && Enum.IsDefined(behavior) && !char.IsAsciiDigit(name[0])
            ? behavior
            : throw json.Bad("behavior", "one of " + string.Join(", ", Enum.GetNames<SplitBehavior>()));
}
