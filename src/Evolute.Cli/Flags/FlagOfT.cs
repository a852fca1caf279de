using System.CommandLine;
using System.CommandLine.Parsing;

namespace Evolute.Cli.Flags;

/// <summary>A flag with values of one type.</summary>
internal sealed class Flag<T> : Flag
{
    private readonly Func<IReadOnlyList<string>, string, T> _parse;

    /// <summary>A flag; <see cref="FlagKinds"/> has the usual kinds.</summary>
    /// <param name="option">The option: of texts, or of true and false for a switch.</param>
    /// <param name="defaultValue">The value where the flag is nowhere.</param>
    /// <param name="parse">From the texts and the place they stand in, for error sentences, to a value.</param>
    public Flag(Option option, T defaultValue, Func<IReadOnlyList<string>, string, T> parse)
    {
        Option = option;
        Default = defaultValue;
        _parse = parse;
    }

    /// <inheritdoc/>
    public override string Name => Option.Name[2..];

    /// <inheritdoc/>
    public override Option Option { get; }

    /// <summary>The value where the flag is nowhere.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Given(ParseResult parsed) => parsed.GetResult(Option) is OptionResult { Implicit: false } result
        ? result.Tokens.Count == 0 ? ["true"] : [.. result.Tokens.Select(t => t.Value)]
        : null;

    /// <summary>Reads the value.</summary>
    /// <param name="texts">One text, or several where the flag may be repeated.</param>
    /// <param name="place">Where they stand, for error sentences: <c>--sigma</c> or <c>run.yaml: sigma</c>.</param>
    /// <exception cref="EvoluteInputException">The texts are not a value of this flag.</exception>
    public T Parse(IReadOnlyList<string> texts, string place) => _parse(texts, place);

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> texts, string place) => Parse(texts, place);
}
