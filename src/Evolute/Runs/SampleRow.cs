using System.Globalization;
using System.Text.Json;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>One response of a run's <c>samples/</c>.</summary>
/// <param name="Id">The problem.</param>
/// <param name="Iteration">How many updates the weights had had.</param>
/// <param name="Prompt">What was asked.</param>
/// <param name="Response">What was answered.</param>
/// <param name="Reward">What it was worth.</param>
/// <param name="Parts">The reward's parts.</param>
/// <param name="Tokens">Length of the answer.</param>
public sealed record SampleRow(string Id, int Iteration, string Prompt, string Response, double Reward, IReadOnlyDictionary<string, double> Parts, int Tokens)
{
    /// <summary>All samples of a run: problem by problem in the order of their first file, and each over the iterations. None where the run kept none.</summary>
    /// <exception cref="EvoluteInputException">A row is damaged; the sentence names file and row.</exception>
    public static IReadOnlyList<SampleRow> Read(string run)
    {
        string folder = Path.Combine(run, "samples");
        if (!Directory.Exists(folder)) return [];
        List<SampleRow> rows = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            // What is being written has a name that begins with a dot.
            if (!int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out int iteration)) continue;
            using Stream stream = Open(file);
            foreach ((JsonElement row, string place) in JsonLines.Read(stream, file)) rows.Add(Of(row, iteration, place));
        }
        Dictionary<string, int> order = new(StringComparer.Ordinal);
        foreach (SampleRow row in rows) order.TryAdd(row.Id, order.Count);
        return [.. rows.OrderBy(r => order[r.Id]).ThenBy(r => r.Iteration)];
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static SampleRow Of(JsonElement row, int iteration, string place)
    {
        try
        {
            return new(
                row.GetProperty("id").GetString()!, iteration, row.GetProperty("prompt").GetString()!, row.GetProperty("response").GetString()!, row.GetProperty("reward").GetDouble(),
                row.GetProperty("parts").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble()), row.GetProperty("tokens").GetInt32());
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EvoluteInputException($"{place} is not a sample of a run; remove the file, or restore it from a copy.", e);
        }
    }
}
