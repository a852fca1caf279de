namespace Evolute.Noise;

/// <summary>How a member's noise is made from normals.</summary>
public enum NoiseForm
{
    /// <summary>One independent normal for every weight.</summary>
    Full,
}

/// <summary>One member's noise: which normals, and with which sign. Seeds, not numbers: nothing is stored.</summary>
/// <param name="RunSeed">The run's seed.</param>
/// <param name="Iteration">The iteration, from 1.</param>
/// <param name="Pair">Which noise of the iteration; without mirroring, the member's index.</param>
/// <param name="Sign">+1, or −1 for the mirrored member of a pair.</param>
/// <param name="Form">How the noise is made.</param>
public readonly record struct Perturbation(ulong RunSeed, uint Iteration, uint Pair, int Sign = 1, NoiseForm Form = NoiseForm.Full)
{
    /// <summary>The key of this member's normals.</summary>
    public NoiseKey Key => NoiseKey.Of(RunSeed, Iteration, Pair, NoiseDomain.Perturbation);
}
