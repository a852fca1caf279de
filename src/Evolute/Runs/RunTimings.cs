using System.Text.Json;
using Evolute.Evolution;

namespace Evolute.Runs;

/// <summary><c>timings.jsonl</c>: seconds and speed by iteration, the part of a run that differs from one time to the next.</summary>
internal sealed class RunTimings(string path)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Write(IterationResult iteration)
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
            PeakMemoryBytes = Environment.WorkingSet,
        };
        try
        {
            File.AppendAllText(path, JsonSerializer.Serialize(line, Json) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteFaultException($"{path}: the timings cannot be written: {e.Message} Free space and go on with --resume.", e);
        }
    }
}
