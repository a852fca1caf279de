namespace Evolute.Engines;

/// <summary>What an engine's working copy of the matrices is held in.</summary>
public enum PackedType
{
    /// <summary>The perturbed weights as they are.</summary>
    Float32,

    /// <summary>
    /// The perturbed weights, computed in float32 and rounded to nearest even: half the memory to read. A perturbation well below a weight's last place (2⁻⁹ of it) is mostly
    /// lost, so this suits σ that are no less than about a hundredth of the typical weight.
    /// </summary>
    Bfloat16,
}
