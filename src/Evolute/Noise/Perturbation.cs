namespace Evolute.Noise;

/// <summary>One member's noise: which normals, and with which sign. Seeds, not numbers: nothing is stored.</summary>
/// <param name="RunSeed">The run's seed.</param>
/// <param name="Iteration">The iteration, from 1.</param>
/// <param name="Pair">Which noise of the iteration; without mirroring, the member's index.</param>
/// <param name="Sign">+1, or −1 for the mirrored member of a pair.</param>
/// <param name="Noise">How the noise is made from normals.</param>
public readonly record struct Perturbation(ulong RunSeed, uint Iteration, uint Pair, int Sign = 1, NoiseKind Noise = default)
{
    /// <summary>The key of this member's normals.</summary>
    public NoiseKey Key => NoiseKey.Of(RunSeed, Iteration, Pair, NoiseDomain.Perturbation);

    /// <summary>The noise of single elements: of all tensors, or with low-rank noise of those that are no matrices.</summary>
    public NoiseSource Source => Noise.Form == NoiseForm.Subspace
        ? new(Key, Noise, NoiseKey.Of(RunSeed, 0, 0, NoiseDomain.Partition), Pair % (uint)Noise.Parts)
        : new(Key, Noise);

    /// <summary>What the normals of <see cref="Source"/> are multiplied by: σ·sign, in a subspace of K parts σ·sign·√K.</summary>
    public float ElementScale(float sigma) => Noise.Form == NoiseForm.Subspace ? (float)(Sign * sigma * Math.Sqrt(Noise.Parts)) : Sign * sigma;

    /// <summary>What products of low-rank factors are multiplied by: σ·sign/√r.</summary>
    public float FactorScale(float sigma) => (float)(Sign * sigma / Math.Sqrt(Noise.Rank));
}
