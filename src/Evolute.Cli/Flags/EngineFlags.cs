using System.CommandLine;
using Evolute.Cli.Settings;
using Evolute.Engines.Cpu;
using Evolute.Generation;
using Evolute.Runs;

namespace Evolute.Cli.Flags;

/// <summary>How work is done: threads, batch size, device and drafts. No result depends on them.</summary>
internal sealed class EngineFlags
{
    private readonly Flag<int> _threads = CommonFlags.Threads();
    private readonly Flag<string> _device = CommonFlags.Device();
    private readonly Flag<int> _batchSize = CommonFlags.BatchSize();
    private readonly Flag<string> _speculate = CommonFlags.Speculate();

    public EngineFlags(Command command)
    {
        foreach (Flag flag in Flags) command.Add(flag.Option);
    }

    /// <summary>The flags.</summary>
    public IReadOnlyList<Flag> Flags => [_batchSize, _threads, _device, _speculate];

    /// <summary>Threads of the CPU engine.</summary>
    public Flag<int> Threads => _threads;

    /// <summary>What the layers say.</summary>
    public Execution Execution(SettingsLayers layers)
    {
        layers.Get(_device);
        int threads = layers.Get(_threads);
        return new((spec, weights, packed) => new CpuEngine(spec, weights, threads, packed), layers.Get(_batchSize), Enum.Parse<Speculation>(layers.Get(_speculate), ignoreCase: true));
    }
}
