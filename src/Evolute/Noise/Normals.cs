using Evolute.Numerics;

namespace Evolute.Noise;

/// <summary>
/// The normals of noise definition version 1: normal(key, tensor, element), a pure function. Element i of a tensor comes from
/// Philox(key, counter = (b, tensor)) with b = ⌊i/32⌋·8 + (i mod 8); j = ⌊i/8⌋ mod 4 picks first or second normal of words (0, 1)
/// for j = 0, 1 and of words (2, 3) for j = 2, 3. So 8 neighbouring counters give 32 consecutive elements without a shuffle.
/// </summary>
public static unsafe class Normals
{
    /// <summary>One normal, by the scalar definition.</summary>
    public static float At(NoiseKey key, ulong tensor, long element)
    {
        var (w0, w1, w2, w3) = key.Words((ulong)(element >> 5) * 8 + (ulong)(element & 7), tensor);
        int j = (int)(element >> 3) & 3;
        BoxMuller.Transform<Lanes1, float, uint>(j < 2 ? w0 : w2, j < 2 ? w1 : w3, out float z0, out float z1);
        return (j & 1) == 0 ? z0 : z1;
    }

    /// <summary>Normals of the elements start, start + 1, … into <paramref name="destination"/>.</summary>
    public static void Fill(NoiseKey key, ulong tensor, long start, Span<float> destination)
    {
        fixed (float* d = destination)
            NormalKernel.Best.Fill(key, tensor, start, d, destination.Length);
    }

    /// <summary>destination[i] = fma(scale, normal(start + i), source[i]) for <paramref name="count"/> elements; the two may be the same memory.</summary>
    public static void AddScaled(NoiseKey key, ulong tensor, long start, float scale, float* source, float* destination, long count) =>
        NormalKernel.Best.AddScaled(key, tensor, start, scale, source, destination, count);
}
