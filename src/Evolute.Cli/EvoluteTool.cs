using System.CommandLine;
using System.CommandLine.Help;
using Evolute.Cli.Verbs;

namespace Evolute.Cli;

/// <summary>The <c>evolute</c> tool: finds the verb, runs it, and turns what it throws into one sentence and an exit code.</summary>
internal static class EvoluteTool
{
    /// <summary>Set to 1 to see the full trace of an error.</summary>
    public const string TraceVariable = "EVOLUTE_TRACE";

    // EPIPE on Linux and macOS; ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.
    private static readonly int[] BrokenPipe = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    public static int Run(string[] args, ToolStreams streams, CancellationToken cancellation)
    {
        try
        {
            int code = Dispatch(args, streams, cancellation);
            streams.Out.Flush();
            return code;
        }
        catch (IOException e) when (BrokenPipe.Contains(e.HResult))
        {
            return ExitCode.Done; // The reader of the pipe has seen what it wanted.
        }
        catch (Exception e)
        {
            WriteQuietly(streams.Out.Flush);
            return Report(e, streams.Error, cancellation);
        }
    }

    /// <summary>All verbs, in the order of the help page.</summary>
    internal static IReadOnlyList<Verb> AllVerbs() =>
    [
        new TrainVerb(), new EvalVerb(), new GenerateVerb(), new ScoreVerb(), new TokenizeVerb(), new RewardVerb(),
        new ReplayVerb(), new ReportVerb(), new InspectVerb(), new ExportVerb(), new DownloadVerb(), new BenchVerb(), new EnvVerb(),
    ];

    private static int Dispatch(string[] args, ToolStreams streams, CancellationToken cancellation)
    {
        IReadOnlyList<Verb> verbs = AllVerbs();
        RootCommand root = Root(verbs);
        ParseResult parsed = root.Parse(args is ["help", .. var rest] ? [.. rest, "--help"] : args, Parsing);
        // --help, --version and shell completion have actions of their own; verbs have none.
        if (parsed.Action is not null and not System.CommandLine.Invocation.ParseErrorAction)
            return parsed.Invoke(new InvocationConfiguration { Output = streams.Out, Error = streams.Error, EnableDefaultExceptionHandler = false });
        UsageErrors.ThrowIfAny(parsed);
        Verb? verb = verbs.FirstOrDefault(v => v.Command == parsed.CommandResult.Command);
        if (verb is not null)
        {
            verb.CheckFlags(parsed);
            return verb.Run(new VerbCall(parsed, streams, cancellation));
        }
        root.Parse(["--help"], Parsing).Invoke(new InvocationConfiguration { Output = streams.Error });
        return ExitCode.BadInput;
    }

    private static RootCommand Root(IReadOnlyList<Verb> verbs)
    {
        RootCommand root = new("Fine-tunes language models with evolution strategies: no backpropagation, any reward.") { HelpName = "evolute" };
        foreach (Verb verb in verbs) root.Add(verb.Command);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!, command => verbs.FirstOrDefault(v => v.Command == command)?.Examples ?? RootExamples);
        return root;
    }

    private static IReadOnlyList<string> RootExamples => ["evolute train countdown", """evolute generate --prompt "Once upon a time" """.TrimEnd(), "evolute help train"];

    private static int Report(Exception error, TextWriter stderr, CancellationToken cancellation)
    {
        // What a static field's initializer throws (a wrong environment variable, say) comes wrapped.
        while (error is TypeInitializationException { InnerException: { } inner }) error = inner;
        bool trace = Environment.GetEnvironmentVariable(TraceVariable) == "1";
        (int code, string sentence) = error switch
        {
            EvoluteInputException => (ExitCode.BadInput, error.Message),
            EvoluteFaultException => (ExitCode.Failed, error.Message),
            OperationCanceledException when cancellation.IsCancellationRequested => (ExitCode.Interrupted, "Interrupted."),
            OutOfMemoryException => (ExitCode.Failed, "There is not enough memory for this."),
            IOException => (ExitCode.Failed, $"Reading or writing failed: {error.Message.TrimEnd('.')}."),
            _ => (ExitCode.Failed, $"Something unexpected went wrong: {error.Message.TrimEnd('.')}. Set {TraceVariable}=1 for the full trace."),
        };
        WriteQuietly(() => stderr.WriteLine(trace ? error.ToString() : OnOneLine(sentence)));
        return code;
    }

    private static string OnOneLine(string sentence) => string.Join(' ', sentence.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static void WriteQuietly(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is there to read it; the exit code still tells.
        }
    }
}
