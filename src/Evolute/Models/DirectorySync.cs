using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Evolute.Models;

/// <summary>
/// Makes names that were created or renamed in a folder last through a power cut. .NET opens no handle on a folder, so this
/// asks the C library; Windows has no such call and needs none.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be written to its disk.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(directory, ReadOnly);
        if (descriptor < 0) throw Failure();
        try
        {
            if (Sync(descriptor) != 0) throw Failure();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    // HResult is the error number, as it is in the exceptions that .NET's own file calls throw.
    private static IOException Failure()
    {
        int number = Marshal.GetLastPInvokeError();
        return new IOException(new Win32Exception(number).Message, number);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
