using System.Diagnostics;
using System.Globalization;

namespace Evolute.Tests;

/// <summary>A small disk that can be filled up to the last page and freed again.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>What space is given out in.</summary>
    public const int Page = 4096;

    private readonly string _filler;

    private SmallDisk(string path) => (Path, _filler) = (path, System.IO.Path.Combine(path, "filler"));

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Mounts one on a new folder; skips the calling test where that is not allowed.</summary>
    public static SmallDisk Mount(string folder, int kilobytes = 16 << 10)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk takes root on Linux.");
        string path = Directory.CreateDirectory(folder).FullName;
        string size = string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", path) == 0, "Mounting is not allowed here.");
        return new(path);
    }

    /// <summary>Leaves so much space and no more.</summary>
    public void Fill(long leave = 0)
    {
        using FileStream file = new(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[Page];
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - leave) / Page * Page);
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(_filler);

    /// <summary>Refuses everything that writes from now on.</summary>
    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose() => Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
