using Evolute.Models;

namespace Evolute.Runs;

/// <summary>Keeps a second process out of a run's folder; the system lets go of it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = "lock";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="EvoluteInputException">Another process has it, or the folder is read-only.</exception>
    /// <exception cref="EvoluteFaultException">The disk is full.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            return FileLock.TryTake(Path.Combine(folder, FileName)) is { } file
                ? new(file)
                : throw new EvoluteInputException($"{folder}: another process works in this run's folder; wait for it, or give another --output.");
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            if (WriteFault.IsFull(e)) throw WriteFault.Of(folder, e);
            throw new EvoluteInputException($"{folder}: the run's folder cannot be written: {e.Message} Copy it to where it can.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
