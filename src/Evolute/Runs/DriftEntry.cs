using System.Text.Json;

namespace Evolute.Runs;

/// <summary>One line of a run's <c>drift.jsonl</c>: how far the weights have gone from the base's.</summary>
/// <param name="Iteration">How many updates the weights had had.</param>
/// <param name="Kl">KL to the base in nats a token, the mean over prompts; along the weights' own greedy answers to fixed validation problems, or test problems where a run has no validation.</param>
/// <param name="KlLow">Lower end of its 95 % interval over prompts.</param>
/// <param name="KlHigh">Upper end.</param>
/// <param name="Norm">‖Δθ‖.</param>
/// <param name="Relative">‖Δθ‖/‖θ‖ with the base's norm.</param>
/// <param name="Changed">Share of the entries that differ from the base's in the type that the result is stored in.</param>
public sealed record DriftEntry(int Iteration, double Kl, double KlLow, double KlHigh, double Norm, double Relative, double Changed)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    internal byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>The lines of a file in order of their iterations, up to the first that is torn or out of order; none where there is no file.</summary>
    internal static IReadOnlyList<DriftEntry> Read(string path)
    {
        List<DriftEntry> entries = [];
        string[] lines;
        try
        {
            lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path} cannot be read: {e.Message}", e);
        }
        foreach (string line in lines)
        {
            try
            {
                if (JsonSerializer.Deserialize<DriftEntry>(line, Json) is not { } entry || (entries.Count > 0 && entry.Iteration <= entries[^1].Iteration)) break;
                entries.Add(entry);
            }
            catch (JsonException)
            {
                break;
            }
        }
        return entries;
    }
}
