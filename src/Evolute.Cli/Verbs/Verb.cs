using System.CommandLine;
using Evolute.Cli.Flags;

namespace Evolute.Cli.Verbs;

/// <summary>A verb of the tool: its command, its examples, and what it does.</summary>
internal abstract class Verb(string name, string description)
{
    private readonly List<Flag> _flags = [];

    /// <summary>The command that the parser knows.</summary>
    public Command Command { get; } = new(name, description);

    /// <summary>Command lines to show on the help page.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Checks every flag that is given, so that a wrong one shows before any work is done.</summary>
    /// <exception cref="EvoluteInputException">A value is not one for its flag.</exception>
    public void CheckFlags(ParseResult parsed)
    {
        foreach (Flag flag in _flags)
            if (flag.Given(parsed) is { } texts) flag.Check(texts, flag.Display);
    }

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="EvoluteInputException">Bad input.</exception>
    /// <exception cref="EvoluteFaultException">The work failed.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public abstract int Run(VerbCall call);

    /// <summary>Declares a flag.</summary>
    protected Flag<T> Add<T>(Flag<T> flag)
    {
        _flags.Add(flag);
        Command.Add(flag.Option);
        return flag;
    }

    /// <summary>Declares an argument without dashes, which must be given.</summary>
    protected Argument<string> AddArgument(string argumentName, string argumentDescription)
    {
        Argument<string> argument = new(argumentName) { Description = argumentDescription };
        Command.Add(argument);
        return argument;
    }

    /// <summary>A flag's value that must be given.</summary>
    /// <exception cref="EvoluteInputException">It is absent.</exception>
    protected string Required(VerbCall call, Flag<string?> flag) => call.Get(flag)
        ?? throw new EvoluteInputException($"'evolute {Command.Name}' wants {flag.Display}; see 'evolute {Command.Name} --help'.");
}
