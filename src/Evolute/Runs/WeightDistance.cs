using Evolute.Models;

namespace Evolute.Runs;

/// <summary>How far weights are from the base's, in all and tensor by tensor.</summary>
/// <param name="Norm">‖Δθ‖, the Euclidean norm of the difference.</param>
/// <param name="Relative">‖Δθ‖/‖θ‖ with the base's norm; 0 where that is 0.</param>
/// <param name="Changed">The share of entries whose value in the stored type differs, 0..1.</param>
/// <param name="Tensors">The same of every tensor, in the table's order.</param>
public sealed record WeightDistance(double Norm, double Relative, double Changed, IReadOnlyList<TensorDistance> Tensors)
{
    private const int Slice = 1 << 16;

    /// <summary>Compares tensor by tensor; sums are float64 in the order of the entries.</summary>
    /// <param name="tuned">The weights.</param>
    /// <param name="other">The base's.</param>
    /// <param name="storedType">The type in which entries count as changed; null for each tensor's own in <paramref name="tuned"/>.</param>
    /// <exception cref="EvoluteInputException">The tables have different tensors; the sentence names one.</exception>
    public static WeightDistance Of(WeightTable tuned, WeightTable other, StoredType? storedType = null)
    {
        foreach (WeightTensor tensor in other.Tensors)
            if (!tuned.TryGet(tensor.Name, out _)) throw Unlike(tensor.Name, "only the base has it");
        foreach (WeightTensor tensor in tuned.Tensors)
            if (!other.TryGet(tensor.Name, out WeightTensor? same)) throw Unlike(tensor.Name, "the base has none");
            else if (!same.Shape.SequenceEqual(tensor.Shape)) throw Unlike(tensor.Name, $"its shape is {Quoted.Shape(tensor.Shape)}, the base's {Quoted.Shape(same.Shape)}");
        var sums = new (double Difference, double Base, long Changed)[tuned.Tensors.Count];
        Parallel.For(0, sums.Length, i => sums[i] = Sums(tuned.Tensors[i], other[tuned.Tensors[i].Name], storedType ?? tuned.Tensors[i].StoredType));
        return new(
            Math.Sqrt(sums.Sum(s => s.Difference)), Ratio(sums.Sum(s => s.Difference), sums.Sum(s => s.Base)), (double)sums.Sum(s => s.Changed) / Math.Max(1, tuned.ParameterCount),
            [.. tuned.Tensors.Select((t, i) => new TensorDistance(t.Name, t.Length, Math.Sqrt(sums[i].Difference), Ratio(sums[i].Difference, sums[i].Base), (double)sums[i].Changed / Math.Max(1, t.Length)))]);
    }

    private static double Ratio(double difference, double whole) => whole == 0 ? 0 : Math.Sqrt(difference / whole);

    private static (double Difference, double Base, long Changed) Sums(WeightTensor tuned, WeightTensor other, StoredType type)
    {
        (double difference, double norm, long changed) = (0, 0, 0);
        ushort[] storedA = new ushort[type == StoredType.F32 ? 0 : Slice], storedB = new ushort[storedA.Length];
        for (long start = 0; start < tuned.Length; start += Slice)
        {
            int count = (int)Math.Min(Slice, tuned.Length - start);
            ReadOnlySpan<float> a = tuned.Slice(start, count), b = other.Slice(start, count);
            if (type != StoredType.F32)
            {
                FloatConversion.To16Bits(a, storedA, type);
                FloatConversion.To16Bits(b, storedB, type);
            }
            for (int i = 0; i < count; i++)
            {
                double d = (double)a[i] - b[i];
                difference += d * d;
                norm += (double)b[i] * b[i];
                if (type == StoredType.F32 ? a[i] != b[i] : storedA[i] != storedB[i]) changed++;
            }
        }
        return (difference, norm, changed);
    }

    private static EvoluteInputException Unlike(string name, string reason) =>
        new($"Tensor {Quoted.Text(name)} differs between the models: {reason}; compare with the model that this one was tuned from.");
}

/// <summary>How far a tensor is from the base's.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Count">Its entries.</param>
/// <param name="Norm">‖Δθ‖ of it.</param>
/// <param name="Relative">‖Δθ‖/‖θ‖ of it.</param>
/// <param name="Changed">The share of its entries whose value in the stored type differs.</param>
public sealed record TensorDistance(string Name, long Count, double Norm, double Relative, double Changed);
