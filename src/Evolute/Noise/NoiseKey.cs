namespace Evolute.Noise;

/// <summary>The 64-bit Philox key of one use in one iteration of one run.</summary>
/// <param name="Low">Key word 0.</param>
/// <param name="High">Key word 1.</param>
public readonly record struct NoiseKey(uint Low, uint High)
{
    /// <summary>The noise definition's version, which every key contains and every run records.</summary>
    public const uint Version = 1;

    /// <summary>Words 0 and 1 of Philox(key = run seed, counter = (iteration, index, domain, version)).</summary>
    public static NoiseKey Of(ulong runSeed, uint iteration, uint index, NoiseDomain domain)
    {
        var (w0, w1, _, _) = Philox.Block(iteration, index, (uint)domain, Version, (uint)runSeed, (uint)(runSeed >> 32));
        return new(w0, w1);
    }

    /// <summary>Four random words at a counter of two 64-bit values.</summary>
    public (uint W0, uint W1, uint W2, uint W3) Words(ulong counter, ulong stream) =>
        Philox.Block((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32), Low, High);
}
