using System.Security.Cryptography;

namespace Evolute.Tests.EndToEnd;

/// <summary>Folders as a whole: copied, and compared by what is in them.</summary>
internal static class Folders
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", All)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (string file in Directory.EnumerateFiles(from, "*", All)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    /// <summary>Every file and folder below, hidden ones too, with the files' sizes, times and SHA-256.</summary>
    public static IReadOnlyList<string> State(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", All).Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(folder, path) + " " + Describe(path))];

    /// <summary>Turns one bit of a file.</summary>
    public static void FlipBit(string path, long at, int bit = 0)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = at;
        int value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1 << bit));
    }

    private static string Describe(string path) =>
        Directory.Exists(path) ? "folder" : $"{File.GetLastWriteTimeUtc(path).Ticks} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}";
}
