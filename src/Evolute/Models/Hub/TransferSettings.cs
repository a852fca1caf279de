namespace Evolute.Models.Hub;

/// <summary>How patient a transfer is, and what it stands on; tests put their own here.</summary>
internal sealed record TransferSettings
{
    /// <summary>Longest time to wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest time to wait for an answer, or for the next bytes of one.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is tried; one that moved a file on by <see cref="RefreshingBytes"/> is not counted.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Progress after which the count of attempts begins anew, so that a large file gets through a line that often breaks.</summary>
    public long RefreshingBytes { get; init; } = 16 << 20;

    /// <summary>Wait before the second attempt; doubled before each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between attempts, whatever the server asks for.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait between looks at a lock that another process holds.</summary>
    public TimeSpan LockDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What measures all of these.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Opens a file to write at its end, or from its beginning.</summary>
    public Func<string, FileMode, Stream> OpenFile { get; init; } = (path, mode) => new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Free bytes of the disk that a folder is on; without end where the system does not say.</summary>
    public Func<string, long> FreeSpace { get; init; } = FreeBytes;

    /// <summary>Makes what sends requests; it must not follow redirects.</summary>
    public Func<TransferSettings, HttpMessageHandler> CreateHandler { get; init; } = settings => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = settings.ConnectTimeout,
        ActivityHeadersPropagator = null,
    };

    private static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
