using System.CommandLine;
using System.Text.Json;
using Evolute.Cli.Flags;

namespace Evolute.Cli;

/// <summary>One call of a verb: its flags, its streams, and the token that Ctrl-C cancels.</summary>
internal sealed record VerbCall(ParseResult Parsed, ToolStreams Streams, CancellationToken Cancellation)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Default)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Results.</summary>
    public TextWriter Out => Streams.Out;

    /// <summary>Standard input.</summary>
    public Stream OpenIn() => new InterruptibleInput(Streams.OpenIn(), Cancellation);

    /// <summary>A flag's value, or its default.</summary>
    /// <exception cref="EvoluteInputException">The value is not one for this flag.</exception>
    public T Get<T>(Flag<T> flag) => flag.Given(Parsed) is { } texts ? flag.Parse(texts, flag.Display) : flag.Default;

    /// <summary>Whether the flag is on the command line.</summary>
    public bool Has(Flag flag) => flag.Given(Parsed) is not null;

    /// <summary>One line of JSON, names in snake_case.</summary>
    public void WriteJson(object value) => Out.WriteLine(JsonSerializer.Serialize(value, Json));
}
