using System.Globalization;
using System.Runtime.InteropServices;
using Evolute.Cli.Flags;
using Evolute.Numerics;

namespace Evolute.Cli.Verbs;

/// <summary>Says what this machine has and what of it is used.</summary>
internal sealed class EnvVerb : Verb
{
    private readonly Flag<bool> _json;

    public EnvVerb() : base("env", "Say what this machine has (devices, instruction sets, memory) and what of it is used.") => _json = Add(CommonFlags.Json());

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute env", $"{VectorWidth.Variable}=4 evolute env --json"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        IReadOnlyList<string> sets = InstructionSets.Supported();
        string? forced = Environment.GetEnvironmentVariable(VectorWidth.Variable) is { Length: > 0 } text ? text : null;
        // Not VectorWidth.Best: a wrong variable must show as a sentence, not as a failed type initializer.
        int lanes = VectorWidth.Choose(forced);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (call.Get(_json))
        {
            call.WriteJson(new
            {
                Version = ToolVersion,
                Dotnet = Environment.Version.ToString(),
                OperatingSystem = RuntimeInformation.OSDescription,
                Architecture = Architecture,
                Devices = (string[])["cpu"],
                Cores = Environment.ProcessorCount,
                MemoryBytes = memory,
                InstructionSets = sets,
                VectorLanes = lanes,
                EvoluteLanes = forced,
                HardwareFma = FusedMultiplyAdd.IsHardware,
            });
            return ExitCode.Done;
        }
        TextWriter output = call.Out;
        output.WriteLine($"evolute          {ToolVersion} on .NET {Environment.Version}, {RuntimeInformation.OSDescription}, {Architecture}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cpu              {Environment.ProcessorCount} cores for this process, {ByteCount.Text(memory)} of memory"));
        output.WriteLine($"instruction sets {(sets.Count == 0 ? "none that the kernels know" : string.Join(", ", sets))}");
        output.WriteLine($"vectors          {lanes} float32 lanes ({32 * lanes} bits), {(forced is null ? "the widest in hardware" : $"because {VectorWidth.Variable}={forced}")}; results do not depend on it");
        output.WriteLine(FusedMultiplyAdd.IsHardware
            ? "multiply-add     fused in hardware"
            : "multiply-add     emulated: exact, but slow; this processor or DOTNET_EnableAVX2=0 leaves no hardware FMA");
        output.WriteLine("cuda             this build has no CUDA engine; the device is cpu");
        return ExitCode.Done;
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string ToolVersion => typeof(EnvVerb).Assembly.GetName().Version!.ToString(3);
}
