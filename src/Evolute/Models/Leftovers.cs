namespace Evolute.Models;

/// <summary>Removes what writers left under temporary names when they were killed.</summary>
internal static class Leftovers
{
    /// <summary>Held open, and so locked, while a folder is being written: tells a live writer from a dead one's leftovers.</summary>
    public const string LockName = ".writing";

    private const string Pattern = ".*" + DurableFile.PartialSuffix;

    /// <summary>Removes unfinished folders in a folder, except those that are being written now.</summary>
    public static void RemoveFolders(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, Pattern)) RemoveFolder(folder);
    }

    /// <summary>Removes unfinished folders and files at any depth; nobody else may be writing there.</summary>
    public static void RemoveAll(string folder)
    {
        EnumerationOptions everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (string unfinished in Directory.GetDirectories(folder, Pattern, everywhere)) RemoveFolder(unfinished);
        foreach (string unfinished in Directory.GetFiles(folder, Pattern, everywhere)) DurableFile.Remove(unfinished);
    }

    /// <summary>Removes an unfinished folder if its writer is dead.</summary>
    public static void RemoveFolder(string folder)
    {
        try
        {
            string held = Path.Combine(folder, LockName);
            if (File.Exists(held)) new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // Its writer lives, or the folder is not ours to remove.
        }
    }
}
