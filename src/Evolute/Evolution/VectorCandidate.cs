namespace Evolute.Evolution;

/// <summary>One member of a population of vectors: its number and the way to its values, which are made when they are asked for and stored nowhere.</summary>
public readonly struct VectorCandidate
{
    private readonly VectorEvolution _strategy;
    private readonly int _iteration;

    internal VectorCandidate(VectorEvolution strategy, int iteration, int member) => (_strategy, _iteration, Member) = (strategy, iteration, member);

    /// <summary>The member's place in the population, from 0: that of its reward.</summary>
    public int Member { get; }

    /// <summary>Writes θ + σ·ε. Different candidates may be written from different threads at once.</summary>
    /// <param name="destination">As long as the vector.</param>
    /// <exception cref="ArgumentException">The length is another one.</exception>
    /// <exception cref="InvalidOperationException">The rewards of its iteration were told, and the vector has moved on.</exception>
    public void CopyTo(Span<float> destination) => _strategy.Write(_iteration, Member, destination);

    /// <summary>θ + σ·ε in a new array.</summary>
    /// <exception cref="InvalidOperationException">The rewards of its iteration were told, and the vector has moved on.</exception>
    public float[] ToArray()
    {
        float[] values = new float[_strategy.Length];
        CopyTo(values);
        return values;
    }
}
