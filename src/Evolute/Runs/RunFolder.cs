using System.Globalization;

namespace Evolute.Runs;

/// <summary>Where things lie in a run's folder.</summary>
internal sealed record RunFolder(string Path)
{
    public string Settings => In(RunSettings.FileName);

    public string Journal => In(Runs.Journal.FileName);

    public string Timings => In("timings.jsonl");

    public string Curves => In("curves.png");

    public string Final => In("final");

    public string Checkpoints => In("checkpoints");

    public string Checkpoint(int iteration) => System.IO.Path.Combine(Checkpoints, Numbered(iteration));

    public string Samples(int iteration) => System.IO.Path.Combine(In("samples"), Numbered(iteration) + ".jsonl");

    /// <summary>The next free <c>runs/TASK-N</c> below the current folder.</summary>
    public static string NextFree(string task)
    {
        for (int n = 1; ; n++)
        {
            string path = System.IO.Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{task}-{n}"));
            if (!System.IO.Path.Exists(path)) return path;
        }
    }

    /// <summary>The newest <c>runs/TASK-N</c>, or null.</summary>
    public static string? Newest(string task)
    {
        string? newest = null;
        for (int n = 1; ; n++)
        {
            string path = System.IO.Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{task}-{n}"));
            if (!Directory.Exists(path)) return newest;
            newest = path;
        }
    }

    private static string Numbered(int iteration) => iteration.ToString("D6", CultureInfo.InvariantCulture);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
