using Evolute.Models;
using Evolute.Text.Splitting;

namespace Evolute.Text.Reading;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class SplitterReader
{
    private const string Known = "ByteLevel, Digits, Sequence, Split";

    public static TextSplitter? Read(ConfigReader? json) => json?.OptionalString("type") switch
    {
        null => json is null ? null : throw json.Bad("type", "a string"),
        "Sequence" => ReadSequence(json),
        "Split" => new PatternSplitter(Pattern(json), Behavior(json), json.OptionalBool("invert") ?? false),
        "Digits" => new PatternSplitter(new DigitsPattern(json.OptionalBool("individual_digits") ?? false), SplitBehavior.Isolated, invert: false),
        "ByteLevel" => new ByteLevelSplitter(
            json.OptionalBool("add_prefix_space") ?? true,
            json.OptionalBool("use_regex") ?? true ? WordPattern.For(WordPattern.Gpt2) : null),
        _ => throw TokenizerFile.Unknown(json, Known),
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
        try
        {
            return (PiecePattern?)WordPattern.For(regex) ?? new RegexPattern(regex);
        }
        catch (ArgumentException e)
        {
            throw new EvoluteInputException($"{json.File}: the pre-tokenizer's pattern {Quoted.Text(regex)} is not a regular expression that .NET can run: {e.Message}", e);
        }
    }

    private static SplitBehavior Behavior(ConfigReader json) =>
        json.OptionalString("behavior") is { } name && Enum.TryParse(name, out SplitBehavior behavior) && Enum.IsDefined(behavior) && !char.IsAsciiDigit(name[0])
            ? behavior
            : throw json.Bad("behavior", "one of " + string.Join(", ", Enum.GetNames<SplitBehavior>()));
}
