using System.Globalization;
using Evolute.Models;

namespace Evolute.Runs;

/// <summary>Where things lie in a run's folder.</summary>
internal sealed record RunFolder(string Path)
{
    public string Settings => In(RunSettings.FileName);

    public string Journal => In(Runs.Journal.FileName);

    public string Timings => In("timings.jsonl");

    /// <summary>Failures of rewards that did not end the run, a line each; absent where there were none.</summary>
    public string RewardLog => In("rewards.log");

    public string Drift => In("drift.jsonl");

    public string Curves => In("curves.png");

    public string Final => In("final");

    public string Checkpoints => In("checkpoints");

    public string Checkpoint(int iteration) => System.IO.Path.Combine(Checkpoints, Numbered(iteration));

    public string Samples(int iteration) => System.IO.Path.Combine(In("samples"), Numbered(iteration) + ".jsonl");

    /// <summary>Makes a run's folder with its settings and an empty journal in one step: whoever looks finds a run that can be resumed, or nothing.</summary>
    /// <param name="path">The folder, or null for the next free <c>runs/TASK-N</c> below the current one.</param>
    /// <param name="settings">The run's settings.</param>
    /// <exception cref="EvoluteInputException">The folder exists, or cannot be made there.</exception>
    /// <exception cref="EvoluteFaultException">The disk is full.</exception>
    public static RunFolder Create(string? path, RunSettings settings)
    {
        if (path is not null) return Make(path, settings);
        for (int n = 1; ; n++)
        {
            string next = OfNumber(settings.Task, n);
            if (System.IO.Path.Exists(next)) continue;
            try
            {
                return Make(next, settings);
            }
            catch (EvoluteInputException) when (System.IO.Path.Exists(next) || Directory.Exists(DurableFile.PartialName(next)))
            {
                // Another run has just taken that number.
            }
        }
    }

    /// <summary>Checks that a new run can have this name.</summary>
    /// <exception cref="EvoluteInputException">It is taken.</exception>
    public static void RequireFree(string path)
    {
        if (System.IO.Path.Exists(path)) throw new EvoluteInputException($"{path}: --output exists already; choose another folder, or go on with that run by --resume.");
    }

    /// <summary>The newest <c>runs/TASK-N</c>, or null.</summary>
    public static string? Newest(string task)
    {
        string? newest = null;
        for (int n = 1; Directory.Exists(OfNumber(task, n)); n++) newest = OfNumber(task, n);
        return newest;
    }

    /// <summary>Removes what a killed process had begun to write; the run's lock must be held.</summary>
    public void RemoveLeftovers()
    {
        try
        {
            foreach (string folder in (string[])[Path, In("samples"), Checkpoints])
            {
                if (!Directory.Exists(folder)) continue;
                foreach (string file in Directory.GetFiles(folder, ".*" + DurableFile.PartialSuffix)) File.Delete(file);
                foreach (string partial in Directory.GetDirectories(folder, ".*" + DurableFile.PartialSuffix)) Directory.Delete(partial, recursive: true);
            }
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(Path, e);
        }
    }

    private static RunFolder Make(string path, RunSettings settings)
    {
        RequireFree(path);
        try
        {
            using StagedFolder folder = StagedFolder.Begin(path, replace: false, DurableFile.Open);
            folder.Add(RunSettings.FileName, settings.ToJson());
            folder.Add(Runs.Journal.FileName, []);
            folder.Add(RunLock.FileName, []);
            folder.Commit();
        }
        catch (EvoluteFaultException e) when (!WriteFault.IsFull(e.InnerException))
        {
            throw new EvoluteInputException($"{e.Message} Choose another --output.", e);
        }
        return new RunFolder(path);
    }

    private static string OfNumber(string task, int n) => System.IO.Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{task}-{n}"));

    private static string Numbered(int iteration) => iteration.ToString("D6", CultureInfo.InvariantCulture);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
