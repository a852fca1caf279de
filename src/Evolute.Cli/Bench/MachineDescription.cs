using System.Reflection;
using System.Runtime.InteropServices;
using Evolute.Numerics;

namespace Evolute.Cli.Bench;

/// <summary>What figures were taken on and with.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Cores">Cores for this process.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="VectorLanes">Float32 lanes of the engine's kernels.</param>
/// <param name="PeakLanes">Float32 lanes that the peak is measured with, the machine's widest.</param>
/// <param name="MemoryBytes">Memory for this process.</param>
/// <param name="Dotnet">Version of the runtime.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Commit">Its commit, where the build knew it.</param>
internal sealed record MachineDescription(
    string Cpu, int Cores, int Threads, int VectorLanes, int PeakLanes, long MemoryBytes, string Dotnet, string Version, string? Commit)
{
    /// <summary>This machine and this program.</summary>
    public static MachineDescription Of(int threads)
    {
        Assembly assembly = typeof(MachineDescription).Assembly;
        string[] version = (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);
        return new(
            CpuName(), Environment.ProcessorCount, threads, VectorWidth.Best, VectorWidth.Choose(null), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Environment.Version.ToString(), version[0], version is [_, { Length: > 0 } commit] ? commit : null);
    }

    private static string CpuName()
    {
        const string info = "/proc/cpuinfo";
        if (OperatingSystem.IsLinux() && File.Exists(info) && File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
    }
}
