namespace Evolute.Models.Gguf;

/// <summary>A tensor to write.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="ReadRow">Copies row i, counted over all dimensions but the innermost.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, GgufType Type, Action<long, Span<float>> ReadRow)
{
    /// <summary>Values of a row.</summary>
    public int RowLength => checked((int)Shape[^1]);

    /// <summary>Number of rows.</summary>
    public long Rows => TensorSpec.ElementCount(Shape.SkipLast(1));

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => checked(Rows * Type.RowBytes(RowLength));

    /// <summary>A vector of values at hand; vectors are always float32.</summary>
    public static GgufTensor OfVector(string name, float[] values) => new(name, [values.Length], GgufType.F32, (_, row) => values.CopyTo(row));
}
