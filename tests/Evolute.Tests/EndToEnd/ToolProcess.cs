using System.Diagnostics;
using System.Globalization;
using System.Text;
using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>The tool as a child process that is disturbed while it works, and that ends with its test whatever happens.</summary>
internal sealed class ToolProcess : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly StringBuilder _error = new();

    public ToolProcess(params string[] args) : this(null, args) { }

    private ToolProcess(string? folder, string[] args)
    {
        _process = Tool.StartIn(folder, Tool.NoVariables, args);
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>One whose current folder is another than this process's.</summary>
    public static ToolProcess In(string folder, params string[] args) => new(folder, args);

    /// <summary>Reads standard error up to a line that <paramref name="wanted"/> takes; false where the process ends before.</summary>
    public bool WaitForLine(Func<string, bool> wanted)
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            _error.Append(line).Append('\n');
            if (wanted(line)) return true;
        }
        return false;
    }

    /// <summary>Waits for the process's end, but no longer than this; true if it came.</summary>
    public bool EndsWithin(int milliseconds) => _process.WaitForExit(milliseconds);

    /// <summary>Ends the process as <c>kill -9</c> does; false where it had ended by itself.</summary>
    public bool Kill()
    {
        if (_process.HasExited) return false;
        _process.Kill();
        _process.WaitForExit();
        return _process.ExitCode == Killed;
    }

    /// <summary>Sends a signal, INT or TERM.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {_process.Id}")]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public ToolResult Result()
    {
        _error.Append(_process.StandardError.ReadToEnd());
        _process.WaitForExit();
        return new(_process.ExitCode, _output.Result, _error.ToString());
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
