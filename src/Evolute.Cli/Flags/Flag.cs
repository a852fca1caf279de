using System.CommandLine;

namespace Evolute.Cli.Flags;

/// <summary>Marks the options that <see cref="Flag"/> makes.</summary>
internal interface ISettingOption
{
    /// <summary>Whether the option may be given more than once.</summary>
    bool IsRepeatable { get; }
}

/// <summary>
/// A flag of the command line that can stand in a settings file too. Its values are texts wherever they come from, read by one parser.
/// </summary>
internal abstract class Flag
{
    /// <summary>The name in settings files: without dashes.</summary>
    public abstract string Name { get; }

    /// <summary>The name on the command line.</summary>
    public string Display => "--" + Name;

    /// <summary>The option to add to a command.</summary>
    public abstract Option Option { get; }

    /// <summary>The texts on the command line, or null where the flag is not there.</summary>
    public abstract IReadOnlyList<string>? Given(ParseResult parsed);

    /// <summary>Reads the value to find errors early.</summary>
    /// <exception cref="EvoluteInputException">The texts are not a value of this flag.</exception>
    public abstract void Check(IReadOnlyList<string> texts, string place);
}
