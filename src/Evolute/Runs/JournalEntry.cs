using System.Text.Json.Serialization;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Noise;

namespace Evolute.Runs;

/// <summary>One line of a run's journal. Together with the base weights the lines are the whole state of training.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunEntry), "run")]
[JsonDerivedType(typeof(ProbeEntry), "probe")]
[JsonDerivedType(typeof(IterationEntry), "iteration")]
[JsonDerivedType(typeof(EvaluationEntry), "evaluation")]
[JsonDerivedType(typeof(FinalEntry), "final")]
internal abstract record JournalEntry;

/// <summary>The first line: what the others build on.</summary>
/// <param name="Format">Version of the journal's format.</param>
/// <param name="NoiseVersion">Version of the noise definition.</param>
/// <param name="Task">The task's name.</param>
/// <param name="BaseSha256">SHA-256 of the base weights.</param>
/// <param name="Update">How updates move the weights; null, and absent from the line, for the default.</param>
/// <param name="Parameters">Which tensors are trained; null, and absent from the line, for all.</param>
/// <param name="Noise">How members' noise is made; absent from the line for full noise.</param>
internal sealed record RunEntry(
    int Format, uint NoiseVersion, string Task, string BaseSha256, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UpdateRule? Update = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ParameterSelection? Parameters = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] NoiseKind Noise = default) : JournalEntry
{
    public const int CurrentFormat = 1;
}

/// <summary>A probe population of the calibration before the first iteration.</summary>
internal sealed record ProbeEntry(Probe Probe) : JournalEntry;

/// <summary>One update.</summary>
/// <param name="Iteration">Counted from 1.</param>
/// <param name="Seed">The run seed of the noise; with the iteration and a pair it gives a member's noise.</param>
/// <param name="Pairs">Each member's noise within the iteration.</param>
/// <param name="Sigma">σ.</param>
/// <param name="LearningRate">α.</param>
/// <param name="Rewards">Each member's mean reward.</param>
/// <param name="Parts">Each member's mean of every part of the reward.</param>
/// <param name="Coefficients">Each member's zₙ; null where all rewards were equal and the weights stayed.</param>
/// <param name="Lengths">Each member's mean response length in tokens.</param>
/// <param name="Truncated">Each member's share of responses that the token limit cut off.</param>
/// <param name="Checksum">The weights' cheap fingerprint after the update, in hex.</param>
/// <param name="Signs">Each member's sign of its noise, +1 or −1; null, and absent from the line, where all are +1.</param>
/// <param name="Center">Mean reward of the unperturbed weights on the same prompts; null, and absent from the line, where the run does not tune itself.</param>
/// <param name="Changed">Share of the members' rewards that differ from the unperturbed weights'; null, and absent, likewise.</param>
internal sealed record IterationEntry(
    int Iteration, ulong Seed, IReadOnlyList<uint> Pairs, double Sigma, double LearningRate, IReadOnlyList<double> Rewards,
    IReadOnlyDictionary<string, IReadOnlyList<double>> Parts, IReadOnlyList<float>? Coefficients, IReadOnlyList<double> Lengths, IReadOnlyList<double> Truncated, string Checksum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Signs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Center = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Changed = null) : JournalEntry
{
    /// <summary>The members' noise.</summary>
    /// <param name="noise">How it is made; the run's line says so.</param>
    public Perturbation[] Members(NoiseKind noise) => [.. Pairs.Select((pair, n) => new Perturbation(Seed, (uint)Iteration, pair, Signs?[n] ?? 1, noise))];
}

/// <summary>A measurement of the weights after some iteration (0: the base).</summary>
internal sealed record EvaluationEntry(EvaluationResult Result) : JournalEntry;

/// <summary>The last line of a finished run.</summary>
/// <param name="Iteration">The iteration whose weights are the result.</param>
/// <param name="WeightsSha256">Their SHA-256.</param>
internal sealed record FinalEntry(int Iteration, string WeightsSha256) : JournalEntry;
