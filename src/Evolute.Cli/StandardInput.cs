using System.Runtime.InteropServices;

namespace Evolute.Cli;

/// <summary>Opens the process's standard input.</summary>
internal static partial class StandardInput
{
    private const int Descriptor = 0, GetDescriptorFlags = 1, CloseOnExec = 1;

    /// <summary>The stream.</summary>
    /// <exception cref="EvoluteInputException">It is closed.</exception>
    public static Stream Open() => IsClosed
        ? throw new EvoluteInputException("Standard input is closed; pipe something into it, or name a file.")
        : Console.OpenStandardInput();

    // A descriptor that closes in programs that are started is none that this one was started with: the runtime has taken the number for a pipe of its own, on which a read would wait for ever.
    private static bool IsClosed => !OperatingSystem.IsWindows() && Control(Descriptor, GetDescriptorFlags) is < 0 or CloseOnExec;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}
