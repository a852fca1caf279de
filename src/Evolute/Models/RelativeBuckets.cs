using Evolute.Numerics;

namespace Evolute.Models;

/// <summary>
/// The bucket of a distance between two tokens (Raffel et al., 2020): one for each of the small distances, then ever wider ones, evenly on a logarithmic
/// scale; the last holds all from the greatest distance on.
/// </summary>
internal static class RelativeBuckets
{
    /// <summary>Of a key at <paramref name="offset"/> tokens after the query, negative for one before it.</summary>
    /// <param name="offset">Position of the key less that of the query.</param>
    /// <param name="count">All buckets.</param>
    /// <param name="maxDistance">Distances from here on share the last bucket.</param>
    /// <param name="bothSides">Whether keys after the query have half of the buckets; else they all share the first.</param>
    public static int Of(int offset, int count, int maxDistance, bool bothSides)
    {
        int side = bothSides ? count / 2 : count, first = bothSides && offset > 0 ? side : 0;
        int distance = bothSides ? Math.Abs(offset) : Math.Max(-offset, 0), exact = side / 2;
        if (distance < exact) return first + distance;
        // In float32 step by step, as the models were trained: where a bucket begins at a whole distance, the rounding decides.
        float share = (float)PortableMath.Log((float)distance / exact) / (float)PortableMath.Log(maxDistance / (double)exact);
        return first + Math.Min(exact + (int)(share * (side - exact)), side - 1);
    }
}
