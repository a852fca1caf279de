using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Evolute.Cli;

/// <summary>The help page with examples and exit codes at its end.</summary>
internal sealed class HelpWithExamples(HelpAction page, Func<Command, IReadOnlyList<string>> examplesOf) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        page.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examplesOf(parseResult.CommandResult.Command)) output.WriteLine("  " + example);
        output.WriteLine();
        output.WriteLine("Exit codes: 0 done, 1 failed, 2 bad input or usage, 130 interrupted.");
        return ExitCode.Done;
    }
}
