using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Evolute.Rewards;

/// <summary>A running scorer: lines in, lines out. Its standard error is always read, and its end kept for sentences.</summary>
internal sealed partial class ScorerProcess : IDisposable
{
    private const string SetSid = "/usr/bin/setsid";
    private const int ErrorTail = 2000, Kill9 = 9;

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly StringBuilder _error = new();
    private readonly bool _ownSession;
    private readonly TaskCompletionSource _errorEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts a command in the system's shell.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Told of every line, or null for one that is too long.</param>
    /// <param name="exited">Told once, after the last line, of the exit code.</param>
    public ScorerProcess(string command, Action<ScorerProcess, string?> line, Action<ScorerProcess, int> exited)
    {
        // A session of its own: Ctrl-C in a terminal reaches only us, and all that the scorer starts can be ended with it.
        _ownSession = !OperatingSystem.IsWindows() && File.Exists(SetSid);
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/d", "/c", command])
            : _ownSession ? new(SetSid, ["/bin/sh", "-c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(false);
        // Python holds lines back otherwise, and would wait for us while we wait for it.
        start.Environment["PYTHONUNBUFFERED"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        _process = Process.Start(start) ?? throw new EvoluteFaultException($"the command '{command}' cannot be started");
        Id = _process.Id;
        _ = Task.Run(WriteAsync);
        _ = Task.Run(ReadErrorAsync);
        _ = Task.Run(() => ReadAsync(line, exited));
    }

    /// <summary>The process's id.</summary>
    public int Id { get; }

    /// <summary>The end of what it wrote to standard error, or "".</summary>
    public string Error
    {
        get
        {
            lock (_error) return _error.ToString().Trim();
        }
    }

    /// <summary>Hands it a line; returns at once.</summary>
    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Ends it and everything that it started.</summary>
    public void Kill()
    {
        _lines.Writer.TryComplete();
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It ended meanwhile.
        }
        // What it has put into the background still belongs to its group.
        if (_ownSession) _ = KillGroup(-Id, Kill9);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            Stream stream = _process.StandardInput.BaseStream;
            await foreach (string line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
                if (!_lines.Reader.TryPeek(out _)) await stream.FlushAsync().ConfigureAwait(false);
            }
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It reads no more; its end or its silence is told elsewhere.
        }
    }

    private async Task ReadAsync(Action<ScorerProcess, string?> line, Action<ScorerProcess, int> exited)
    {
        int code = -1;
        try
        {
            char[] buffer = new char[1 << 14];
            StringBuilder current = new();
            bool tooLong = false;
            for (int read; (read = await _process.StandardOutput.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
                foreach (char c in new ArraySegment<char>(buffer, 0, read))
                    if (c != '\n')
                    {
                        if (current.Length < RewardProtocol.LongestLine) current.Append(c);
                        else tooLong = true;
                    }
                    else
                    {
                        if (tooLong) line(this, null);
                        else if (!string.IsNullOrWhiteSpace(current.ToString())) line(this, current.ToString());
                        (current, tooLong) = (current.Length > 1 << 16 ? new() : current.Clear(), false);
                    }
            if (tooLong) line(this, null);
            else if (!string.IsNullOrWhiteSpace(current.ToString())) line(this, current.ToString());
            await _process.WaitForExitAsync().ConfigureAwait(false);
            code = _process.ExitCode;
            // What a crash says comes through another pipe; something in the background may hold that one open.
            await Task.WhenAny(_errorEnd.Task, Task.Delay(200)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed of.
        }
        exited(this, code);
    }

    private async Task ReadErrorAsync()
    {
        try
        {
            char[] buffer = new char[1 << 14];
            for (int read; (read = await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
                lock (_error)
                {
                    _error.Append(buffer, 0, read);
                    if (_error.Length > ErrorTail) _error.Remove(0, _error.Length - ErrorTail);
                }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed of.
        }
        _errorEnd.TrySetResult();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillGroup(int process, int signal);
}
