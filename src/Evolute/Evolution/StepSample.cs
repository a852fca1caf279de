using Evolute.Models;

namespace Evolute.Evolution;

/// <summary>What an update did to a sample of the weights.</summary>
/// <param name="Relative">Norm of the step over the norm of the weights.</param>
/// <param name="ChangedShare">Share of the trained entries that differ after rounding to their stored type.</param>
/// <param name="Cosine">Cosine between the step in float32 and the step between the rounded weights; 0 where no rounded entry moved.</param>
/// <param name="Is16Bit">Whether the stored type is one of 16 bits, so that rounding loses something.</param>
public sealed record StepMeasure(double Relative, double ChangedShare, double Cosine, bool Is16Bit);

/// <summary>Entries of every trained tensor before an update, evenly spaced, to compare with those after it: cheap, and of record only.</summary>
internal sealed class StepSample
{
    private const int EntriesOfTensor = 256;

    private readonly WeightTensor[] _tensors;
    private readonly float[][] _before;

    public StepSample(WeightTable weights)
    {
        _tensors = [.. weights.Tensors.Where(t => !t.Frozen)];
        _before = [.. _tensors.Select(Entries)];
    }

    /// <summary>Compares with the weights as they are now.</summary>
    public StepMeasure Measure()
    {
        double step = 0, weights = 0, stored = 0, product = 0;
        long entries = 0, changed = 0;
        for (int i = 0; i < _tensors.Length; i++)
        {
            float[] before = _before[i], after = Entries(_tensors[i]), roundedBefore = Rounded(before, _tensors[i].StoredType), roundedAfter = Rounded(after, _tensors[i].StoredType);
            // An entry of a sample stands for as many as lie between it and the next.
            double stands = (double)_tensors[i].Span.Length / before.Length;
            for (int j = 0; j < before.Length; j++)
            {
                double intended = (double)after[j] - before[j], realized = (double)roundedAfter[j] - roundedBefore[j];
                step += stands * intended * intended;
                weights += stands * before[j] * before[j];
                stored += stands * realized * realized;
                product += stands * intended * realized;
                entries++;
                if (realized != 0) changed++;
            }
        }
        return new(weights == 0 ? 0 : Math.Sqrt(step / weights), entries == 0 ? 0 : (double)changed / entries, step == 0 || stored == 0 ? 0 : product / Math.Sqrt(step * stored), _tensors.Any(t => t.StoredType != StoredType.F32));
    }

    private static float[] Entries(WeightTensor tensor)
    {
        ReadOnlySpan<float> span = tensor.Span;
        float[] entries = new float[Math.Min(span.Length, EntriesOfTensor)];
        for (int i = 0; i < entries.Length; i++) entries[i] = span[(int)((long)i * span.Length / entries.Length)];
        return entries;
    }

    private static float[] Rounded(float[] values, StoredType type)
    {
        if (type == StoredType.F32) return values;
        ushort[] bits = new ushort[values.Length];
        float[] rounded = new float[values.Length];
        FloatConversion.To16Bits(values, bits, type);
        FloatConversion.From16Bits(bits, rounded, type);
        return rounded;
    }
}
