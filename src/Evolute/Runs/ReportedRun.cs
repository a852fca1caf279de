using System.Text.Json;

namespace Evolute.Runs;

/// <summary>What a run's folder says, for a report: read only, whether the run is finished, at work or broken off.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">A short name: the folder's own, or the whole path where several runs have the same.</param>
/// <param name="Settings">The run's settings.</param>
/// <param name="Points">One for the base and one for each iteration.</param>
/// <param name="Base">The base on the test split, or null.</param>
/// <param name="Final">The result on the test split, or, before the run's end, the newest measurement there of weights that were trained; else null.</param>
/// <param name="Drift">Distances from the base, where they were measured.</param>
/// <param name="Finished">Whether the run came to its end.</param>
public sealed record ReportedRun(
    string Folder, string Name, RunSettings Settings, IReadOnlyList<ReportedPoint> Points, EvaluationResult? Base, EvaluationResult? Final, IReadOnlyList<DriftEntry> Drift, bool Finished)
{
    /// <summary>Reads a run.</summary>
    /// <exception cref="EvoluteInputException">There is none.</exception>
    /// <exception cref="EvoluteFaultException">Its journal is damaged; the sentence names the line.</exception>
    public static ReportedRun Read(string path)
    {
        RunFolder folder = new(path);
        if (!Directory.Exists(path)) throw new EvoluteInputException($"{path}: there is no such folder; give the folder of a run.");
        RunSettings settings = RunSettings.Read(path);
        RunHistory history = new(folder.Journal, Journal.Read(folder.Journal));
        return new(
            path, System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)), settings, Curve(history, settings, Seconds(folder.Timings)), history.Evaluation(Splits.Test, 0),
            history.Final is { } final ? history.Evaluation(Splits.Test, final.Iteration) : history.Evaluations.LastOrDefault(e => e.Split == Splits.Test && e.Iteration > 0),
            DriftEntry.Read(folder.Drift), history.Final is not null);
    }

    /// <summary>Answers that were asked for: members × prompts of all iterations made, and those by which the run set its own σ and α; measurements on the splits apart.</summary>
    public long Evaluations => Points[^1].Evaluations;

    /// <summary>Seconds of all iterations, or null where the timings are not there.</summary>
    public double? WallClockSeconds => Points[^1].Seconds;

    /// <summary>The distance from the base that belongs to the result: measured on its iteration, else the newest; null where none was.</summary>
    public DriftEntry? DriftOfResult => Drift.FirstOrDefault(d => d.Iteration == Final?.Iteration) ?? (Drift.Count > 0 ? Drift[^1] : null);

    /// <summary>Every setting by its name, for comparing runs; names of nested ones with a dot.</summary>
    public IReadOnlyDictionary<string, string> SettingTexts()
    {
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        Add(texts, "", JsonElement.Parse(Settings.ToJson()));
        return texts;
    }

    private static List<ReportedPoint> Curve(RunHistory history, RunSettings settings, Dictionary<int, double> seconds)
    {
        List<ReportedPoint> points = [];
        long evaluated = RunTuning.Evaluations(history);
        double? elapsed = 0;
        for (int i = 0; i <= history.LastIteration; i++)
        {
            IterationEntry? entry = i == 0 ? null : history.Iterations[i - 1];
            if (entry is not null)
            {
                evaluated += entry.Rewards.Count + (entry.Center is null ? 0 : 1);
                // One iteration without its time leaves no sum beyond it.
                elapsed = seconds.TryGetValue(i, out double own) ? elapsed + own : null;
            }
            points.Add(new(
                i, evaluated * settings.Evolution.Prompts, elapsed, entry?.Rewards.Average(), entry?.Rewards.Max(), history.Evaluation(Splits.Test, i)?.Accuracy, history.Evaluation(Splits.Validation, i)?.Accuracy));
        }
        return points;
    }

    private static void Add(SortedDictionary<string, string> texts, string prefix, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) texts[prefix] = value.ToString();
        else foreach (JsonProperty property in value.EnumerateObject()) Add(texts, prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}", property.Value);
    }

    /// <summary>Seconds by iteration. Timings are no part of a run's state: lines that cannot be read are passed over, and of an iteration done twice the last counts.</summary>
    private static Dictionary<int, double> Seconds(string path)
    {
        Dictionary<int, double> seconds = [];
        if (!File.Exists(path)) return seconds;
        foreach (string line in Lines(path))
        {
            try
            {
                JsonElement json = JsonElement.Parse(line);
                if (json.TryGetProperty("iteration", out JsonElement i) && i.TryGetInt32(out int iteration) && json.TryGetProperty("seconds", out JsonElement s) && s.TryGetDouble(out double value)) seconds[iteration] = value;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // A torn line, or one that is no timing.
            }
        }
        return seconds;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>What is known after an iteration; null where it was not measured.</summary>
/// <param name="Iteration">The iteration; 0 is the base.</param>
/// <param name="Evaluations">Answers asked for up to here: members × prompts, with those of the calibration.</param>
/// <param name="Seconds">Wall-clock of the iterations up to here, evaluations apart.</param>
/// <param name="RewardMean">Mean reward over the population.</param>
/// <param name="RewardBest">Reward of the best member.</param>
/// <param name="TestAccuracy">Accuracy on the test split.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation split.</param>
public sealed record ReportedPoint(int Iteration, long Evaluations, double? Seconds, double? RewardMean, double? RewardBest, double? TestAccuracy, double? ValidationAccuracy);
