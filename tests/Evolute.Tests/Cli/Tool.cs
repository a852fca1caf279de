using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Evolute.Cli;

namespace Evolute.Tests.Cli;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolResult(int Code, string Out, string Error)
{
    public JsonElement Json => JsonElement.Parse(Out);

    /// <summary>Standard error as the one sentence that it must be.</summary>
    public string Sentence
    {
        get
        {
            string line = Error.TrimEnd('\n');
            Assert.DoesNotContain('\n', line);
            return line;
        }
    }

    /// <summary>The last line of standard error, where lines of progress stand before it.</summary>
    public string LastLine => Error.TrimEnd('\n').Split('\n')[^1];
}

/// <summary>Runs the tool: as a child process, as people do, or within this one where only what it says matters.</summary>
internal static class Tool
{
    private static readonly UTF8Encoding Utf8 = new(false);

    /// <summary>The program that runs the tool.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static IReadOnlyDictionary<string, string> NoVariables { get; } = new Dictionary<string, string>();

    /// <summary>Runs the built tool as a child process.</summary>
    public static ToolResult Run(params string[] args) => RunWith(NoVariables, "", args);

    /// <summary>Runs the built tool with variables of the environment and standard input.</summary>
    public static ToolResult RunWith(IReadOnlyDictionary<string, string> variables, string input, params string[] args)
    {
        using Process process = Start(variables, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts the built tool with all its streams redirected.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> variables, params string[] args) => StartIn(null, variables, args);

    /// <summary>Starts the built tool in a folder, or in the current one.</summary>
    public static Process StartIn(string? folder, IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        ProcessStartInfo start = new(Host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            WorkingDirectory = folder ?? "",
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(EvoluteTool).Assembly.Location);
        foreach (string arg in args) start.ArgumentList.Add(arg);
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the tool within this process.</summary>
    public static ToolResult Call(params string[] args) => CallWith("", CancellationToken.None, args);

    /// <summary>Runs the tool within this process with standard input and a token to cancel.</summary>
    public static ToolResult CallWith(string input, CancellationToken cancellation, params string[] args)
    {
        using StringWriter error = new();
        return CallWith(input, error, cancellation, args);
    }

    /// <summary>Runs the tool within this process with a writer that watches standard error.</summary>
    public static ToolResult CallWith(string input, StringWriter error, CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new();
        int code = EvoluteTool.Run(args, new ToolStreams(() => new MemoryStream(Utf8.GetBytes(input)), output, error, false, false), cancellation);
        return new(code, output.ToString(), error.ToString());
    }
}
