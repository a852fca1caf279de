using System.CommandLine;
using System.CommandLine.Parsing;
using Evolute.Cli.Flags;

namespace Evolute.Cli;

/// <summary>Says in one sentence what is wrong with a command line, with the nearest thing that exists.</summary>
internal static class UsageErrors
{
    /// <summary>Checks what the parser found.</summary>
    /// <exception cref="EvoluteInputException">There is something wrong.</exception>
    public static void ThrowIfAny(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        foreach (OptionResult option in parsed.CommandResult.Children.OfType<OptionResult>())
            if (option.IdentifierTokenCount > 1 && option.Option is not ISettingOption { IsRepeatable: true })
                throw new EvoluteInputException($"{option.Option.Name} is given {option.IdentifierTokenCount} times; give it once.");
        foreach (ParseError error in parsed.Errors)
            if (error.SymbolResult is OptionResult { Option: var option } result)
                throw new EvoluteInputException(result.Tokens.Count == 0 ? $"{option.Name} wants a value." : $"{option.Name}: {error.Message}");
        if (parsed.UnmatchedTokens is [string token, ..]) throw new EvoluteInputException(Unmatched(token, command));
        foreach (Argument argument in command.Arguments)
            if (argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens.Count: 0 })
                throw new EvoluteInputException($"'evolute {command.Name}' wants a {argument.Name}: {argument.Description}.");
        if (command is not RootCommand && parsed.Errors is [ParseError other, ..]) throw new EvoluteInputException(other.Message);
    }

    private static string Unmatched(string token, Command command)
    {
        string shown = Models.Quoted.Text(token);
        if (token.StartsWith('-'))
        {
            string of = command is RootCommand ? "evolute" : $"evolute {command.Name}";
            string? nearest = Suggestion.Nearest(token.Split('=', ':')[0], command.Options.Select(o => o.Name));
            return $"'{of}' has no flag {shown}.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} '{of} --help' lists them.";
        }
        return command is RootCommand
            ? $"There is no verb {shown}.{Suggestion.For(token, command.Subcommands.Select(c => c.Name))}"
            : $"'evolute {command.Name}' has no place for {shown}; see 'evolute {command.Name} --help'.";
    }
}
