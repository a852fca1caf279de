using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolute.Cli.Bench;

/// <summary>Another program that measures the same work and prints its tokens a second: as the last number on standard output, or as <c>tokens_per_s</c> of a JSON object.</summary>
internal sealed partial class PeerCommand(string command, TimeSpan timeout, CancellationToken stop)
{
    private const int TailLines = 4, TailCharacters = 400;

    /// <summary>Runs the command in the system's shell.</summary>
    /// <exception cref="EvoluteFaultException">It fails, takes too long, or prints no number above 0.</exception>
    public double TokensPerSecond()
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/d", "/c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            using CancellationTokenSource timer = new(timeout), either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
            // The streams' ends are waited for too, and with the same patience: a child that lives on holds them open.
            Task.WhenAll(process.WaitForExitAsync(either.Token), output, error).WaitAsync(either.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            throw new EvoluteFaultException(string.Create(
                CultureInfo.InvariantCulture, $"--against: the command did not end within {timeout.TotalSeconds} s and was killed; raise --against-timeout, or give it less to do."));
        }
        if (process.ExitCode != 0)
            throw new EvoluteFaultException(string.Create(CultureInfo.InvariantCulture, $"--against: the command ended with exit code {process.ExitCode}{Tail(error.Result)}"));
        return Parse(output.Result)
            ?? throw new EvoluteFaultException($"--against: the command printed no tokens a second above 0, neither as the last number on standard output nor as tokens_per_s of a JSON object{Tail(error.Result)}");
    }

    /// <summary>The tokens a second in what a command printed, or null.</summary>
    internal static double? Parse(string output)
    {
        double? value = OfJson(output.Trim());
        foreach (string line in output.Split('\n').Reverse()) value ??= OfJson(line.Trim());
        if (value is null && Number().Matches(output) is [.., var last] && double.TryParse(last.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) value = number;
        return value > 0 && double.IsFinite(value.Value) ? value : null;
    }

    private static double? OfJson(string text)
    {
        if (!text.StartsWith('{')) return null;
        try
        {
            return JsonElement.Parse(text).TryGetProperty("tokens_per_s", out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The end of what it wrote to standard error, for a sentence.</summary>
    private static string Tail(string error)
    {
        string tail = string.Join(" ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(TailLines));
        tail = string.Concat(tail[Math.Max(0, tail.Length - TailCharacters)..].Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return tail.Length == 0 ? "; it wrote nothing to standard error." : $"; the end of its standard error: {tail}";
    }

    [GeneratedRegex(@"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
