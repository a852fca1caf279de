using Evolute.Noise;

namespace Evolute.Engines;

/// <summary>One update of the masters by ĝ = (1/N)·Σ zₙ εₙ.</summary>
/// <param name="Members">The population in order; the two members of a mirrored pair follow each other.</param>
/// <param name="LearningRate">α.</param>
/// <param name="Rule">How the masters follow ĝ; the same at every update of an engine.</param>
public sealed record WeightStep(IReadOnlyList<MemberCoefficient> Members, double LearningRate, UpdateRule Rule);

/// <summary>A member's share in an update.</summary>
/// <param name="Member">Which noise; its sign multiplies the coefficient.</param>
/// <param name="Coefficient">zₙ, the shaped reward.</param>
public readonly record struct MemberCoefficient(Perturbation Member, float Coefficient);
