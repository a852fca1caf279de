namespace Evolute.Models.Hub;

/// <summary>The lock of one file's download, the one that the hub's own tools take too.</summary>
internal static class HubLock
{
    /// <summary>Takes it, after waiting where another process has it.</summary>
    /// <exception cref="EvoluteFaultException">The cache cannot be written.</exception>
    public static async Task<FileStream> Take(string path, TransferSettings transfer, Action waiting, CancellationToken stop)
    {
        HubCache.Make(Path.GetDirectoryName(path)!);
        for (bool told = false; ; told = true)
        {
            if (TryTake(path) is { } taken) return taken;
            if (!told) waiting();
            await Task.Delay(transfer.LockDelay, transfer.Clock, stop).ConfigureAwait(false);
        }
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            return FileLock.TryTake(path);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw WriteFault.Of(path, e);
        }
    }
}
