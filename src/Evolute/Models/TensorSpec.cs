namespace Evolute.Models;

/// <summary>A tensor's name, shape (row-major, outermost first) and type in the checkpoint.</summary>
public sealed record TensorSpec(string Name, IReadOnlyList<long> Shape, StoredType StoredType = StoredType.F32)
{
    /// <summary>Number of elements: the product of the dimensions, 1 for a scalar.</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public long Length => ElementCount(Shape);

    internal static long ElementCount(IEnumerable<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension);
            count = checked(count * dimension);
        }
        return count;
    }
}
