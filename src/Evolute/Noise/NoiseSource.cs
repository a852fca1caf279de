namespace Evolute.Noise;

/// <summary>A member's noise of single elements, a pure function of tensor and element.</summary>
/// <param name="Key">The key of the normals.</param>
/// <param name="Kind">Its form; low-rank noise is full noise here, since it is of tensors that are no matrices.</param>
/// <param name="PartKey">The key that deals the elements out to the parts of a subspace.</param>
/// <param name="Part">The member's part, from 0.</param>
public readonly record struct NoiseSource(NoiseKey Key, NoiseKind Kind, NoiseKey PartKey = default, uint Part = 0)
{
    /// <summary>
    /// destination[i] = fma(scale, ε(start + i), source[i]) for <paramref name="count"/> elements; the two may be the same memory. In a subspace ε is 0 outside
    /// the member's part.
    /// </summary>
    public unsafe void AddScaled(ulong tensor, long start, float scale, float* source, float* destination, long count)
    {
        switch (Kind.Form)
        {
            case NoiseForm.Correlated:
                Normals.AddScaled(Key, 0, start, scale, source, destination, count);
                break;
            case NoiseForm.Subspace:
                PartKernel.Best.AddScaled(this, tensor, start, scale, source, destination, count);
                break;
            default:
                Normals.AddScaled(Key, tensor, start, scale, source, destination, count);
                break;
        }
    }

    /// <summary>ε of one element, by the scalar definition.</summary>
    public float At(ulong tensor, long element) => Kind.Form switch
    {
        NoiseForm.Correlated => Normals.At(Key, 0, element),
        NoiseForm.Subspace => PartOf(PartKey, tensor, element, Kind.Parts) == Part ? Normals.At(Key, tensor, element) : 0,
        _ => Normals.At(Key, tensor, element),
    };

    /// <summary>
    /// The part of an element: ⌊w·K/2³²⌋, where w is word j = ⌊i/8⌋ mod 4 of Philox(key, counter = (⌊i/32⌋·8 + (i mod 8), tensor)): the counters are those of the normals.
    /// </summary>
    public static uint PartOf(NoiseKey key, ulong tensor, long element, int parts)
    {
        var (w0, w1, w2, w3) = key.Words((ulong)(element >> 5) * 8 + (ulong)(element & 7), tensor);
        uint word = ((int)(element >> 3) & 3) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
        return (uint)((ulong)word * (uint)parts >> 32);
    }
}
