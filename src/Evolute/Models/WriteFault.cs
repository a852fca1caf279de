namespace Evolute.Models;

/// <summary>Says in one sentence why a file could not be written and what to do.</summary>
internal static class WriteFault
{
    // ENOSPC everywhere, EDQUOT of Linux and of macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static readonly int[] Full = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Whether this is what file calls throw, and not a mistake of the program's.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Whether there was no space left.</summary>
    public static bool IsFull(Exception? e) => e is IOException && Full.Contains(e.HResult);

    /// <param name="path">The file or folder as the user knows it, not its temporary name.</param>
    /// <param name="e">What the file call threw.</param>
    /// <param name="mend">What to do once there is space.</param>
    public static EvoluteFaultException Of(string path, Exception e, string mend = "try again (nothing half-written was left)") => new(
        IsFull(e)
            ? $"{path}: the disk is full; free space there and {mend}."
            : $"{path}: it cannot be written: {e.Message}",
        e);
}
