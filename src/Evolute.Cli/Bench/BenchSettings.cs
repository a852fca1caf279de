using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Runs;

namespace Evolute.Cli.Bench;

/// <summary>What is measured, and how much of it.</summary>
internal sealed record BenchSettings
{
    public required IReadOnlyList<string> Stages { get; init; }

    public required int Repeats { get; init; }

    public required int PrefillPrompts { get; init; }

    public required int PrefillTokens { get; init; }

    public required IReadOnlyList<int> Batches { get; init; }

    public required int Context { get; init; }

    public required int DecodeSteps { get; init; }

    /// <summary>Population, prompts, new tokens and seed of an iteration.</summary>
    public required EvolutionSettings Evolution { get; init; }

    /// <summary>Tokens of an iteration's prompts.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>How the work is done.</summary>
    public required Execution Execution { get; init; }

    public required int Threads { get; init; }

    /// <summary>What members' matrices are held in.</summary>
    public required PackedType Packed { get; init; }

    /// <summary>Whether some stage of this name is measured.</summary>
    public bool Has(string stage) => Stages.Contains(stage);
}

/// <summary>What is measured in turn with another program.</summary>
/// <param name="Command">The other program.</param>
/// <param name="Stage">Prefill or decoding.</param>
/// <param name="Batch">Sequences that decode side by side.</param>
/// <param name="Timeout">How long the command may take.</param>
internal sealed record PeerSettings(string Command, string Stage, int Batch, TimeSpan Timeout);

/// <summary>The stages by name.</summary>
internal static class StageNames
{
    public const string Machine = "machine", Prefill = "prefill", Decode = "decode", Iteration = "iteration", Noise = "noise", Population = "population";
}
