namespace Evolute.Models.Gguf;

/// <summary>Rotary embeddings in a file's metadata.</summary>
internal static class RopeParameters
{
    /// <summary>The base, and the scaling for long contexts.</summary>
    /// <exception cref="EvoluteInputException">llama.cpp has no such scaling for the family.</exception>
    public static void Describe(GgufParameters model)
    {
        RopeSpec rope = model.Spec.Rope;
        bool phi = model.Spec.Family == "phi3";
        model.Metadata.Add(model.Key("rope.freq_base"), rope.Theta);
        if (rope.Share != 1 && !phi) throw model.Unsupported($"a rotary embedding of a part of a head");
        switch (rope.Scaling)
        {
            case RopeScaling.None:
            case RopeScaling.Llama3 when model.Family.InterleavedPairs: // Tensors of the file tell of these two.
            case RopeScaling.LongRope when phi:
                break;
            case RopeScaling.Linear:
                model.Metadata.Add(model.Key("rope.scaling.type"), "linear");
                model.Metadata.Add(model.Key("rope.scaling.factor"), rope.Factor);
                break;
            case RopeScaling.Yarn:
                DescribeYarn(model, rope);
                break;
            default:
                throw model.Unsupported($"rotary scaling of type {rope.Scaling}");
        }
    }

    /// <summary>Llama's: how many dimensions turn, and Llama 3's divisors of the frequencies, a tensor of the file.</summary>
    public static void DescribeLlama(GgufParameters model)
    {
        model.Metadata.Add(model.Key("rope.dimension_count"), model.Spec.HeadSize);
        if (model.Spec.Rope.Scaling == RopeScaling.Llama3) model.Tensors.Add(GgufTensor.OfVector("rope_freqs.weight", Llama3Divisors(model.Spec)));
    }

    private static void DescribeYarn(GgufParameters model, RopeSpec rope)
    {
        if (!rope.WholePairs) throw model.Unsupported("YaRN whose ramp begins and ends between pairs");
        model.Metadata.Add(model.Key("rope.scaling.type"), "yarn");
        model.Metadata.Add(model.Key("rope.scaling.factor"), rope.Factor);
        model.Metadata.Add(model.Key("rope.scaling.original_context_length"), rope.OriginalMaxPositions);
        model.Metadata.Add(model.Key("rope.scaling.yarn_beta_fast"), rope.BetaFast);
        model.Metadata.Add(model.Key("rope.scaling.yarn_beta_slow"), rope.BetaSlow);
        // llama.cpp multiplies by 1 + ln(factor)/10 by itself; this comes on top.
        double own = rope.Factor > 1 ? 1 + 0.1 * Math.Log(rope.Factor) : 1;
        if (Math.Abs(rope.Magnitude / own - 1) > 1e-6) model.Metadata.Add(model.Key("rope.scaling.attn_factor"), rope.Magnitude / own);
    }

    private static float[] Llama3Divisors(ModelSpec spec)
    {
        RopeSpec rope = spec.Rope;
        double low = rope.OriginalMaxPositions / rope.LowFrequencyFactor, high = rope.OriginalMaxPositions / rope.HighFrequencyFactor;
        float[] divisors = new float[spec.HeadSize / 2];
        for (int i = 0; i < divisors.Length; i++)
        {
            double wavelength = 2 * Math.PI * Math.Pow(rope.Theta, 2.0 * i / spec.HeadSize);
            double blend = (rope.OriginalMaxPositions / wavelength - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor);
            divisors[i] = (float)(wavelength < high ? 1 : wavelength > low ? rope.Factor : 1 / ((1 - blend) / rope.Factor + blend));
        }
        return divisors;
    }
}
