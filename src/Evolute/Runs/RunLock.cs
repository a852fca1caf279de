namespace Evolute.Runs;

/// <summary>Keeps a second process out of a run's folder; the system lets go of it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="EvoluteInputException">Another process has it.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            return new(new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Directory.Exists(folder))
        {
            throw new EvoluteInputException($"{folder}: another process works in this run's folder ({e.Message}); wait for it, or give another --output.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
