using System.Diagnostics;
using System.Text.Json;
using Evolute.Evolution;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary><c>timings.jsonl</c>: seconds and speed by iteration, the part of a run that differs from one time to the next.</summary>
internal sealed class RunTimings(string path)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>One iteration's line.</summary>
    public void Write(IterationResult iteration, PopulationMetrics metrics, IEnumerable<string> diagnoses)
    {
        double seconds = iteration.Seconds.GetValueOrDefault("iteration");
        long tokens = iteration.Members.Sum(m => m.Tokens);
        var line = new
        {
            iteration.Iteration,
            At = DateTimeOffset.UtcNow,
            Seconds = seconds,
            // Summed over the threads that did the work.
            ThreadSeconds = iteration.Seconds.Where(s => s.Key != "iteration").ToDictionary(s => s.Key, s => Math.Round(s.Value, 6)),
            NewTokens = tokens,
            TokensPerSecond = Math.Round(tokens / Math.Max(seconds, 1e-9), 1),
            iteration.Counts.Steps,
            iteration.Counts.Rows,
            iteration.Counts.Drafted,
            AcceptedShare = Math.Round(iteration.Counts.AcceptedShare, 4),
            PeakMemoryBytes = PeakMemory(),
            Population = metrics,
            iteration.Step,
            Diagnoses = diagnoses,
        };
        Append(JsonSerializer.SerializeToUtf8Bytes(line, Json));
    }

    private static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Adds a line after the last whole one: a process that died may have left a torn one.</summary>
    private void Append(byte[] line)
    {
        try
        {
            using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            long end = EndOfLines(file);
            file.SetLength(end);
            file.Position = end;
            file.Write([.. line, (byte)'\n']);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(path, e, "go on with --resume");
        }
    }

    private static long EndOfLines(FileStream file)
    {
        for (long end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') return end;
        }
        return 0;
    }
}
