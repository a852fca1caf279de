namespace Evolute.Models.Gguf;

/// <summary>Rotary embeddings in a file's metadata.</summary>
internal static class RopeParameters
{
    /// <summary>The scaling for long contexts.</summary>
    public static void Describe(GgufParameters model)
    {
        ConfigReader? scaling = Scaling(model.Config);
        string type = scaling?.OptionalString("rope_type") ?? scaling?.OptionalString("type") ?? "default";
        switch (type)
        {
            case "default":
            case "llama3" when model.Family.InterleavedPairs: // Tensors of the file tell of these.
            case "longrope" or "su" when model.Spec.Family == "phi3":
                break;
            case "linear":
                model.Metadata.Add(model.Key("rope.scaling.type"), "linear");
                model.Metadata.Add(model.Key("rope.scaling.factor"), model.Spec.Rope.Factor);
                break;
            case "yarn" when model.Spec.Family != "phi3":
                DescribeYarn(model, scaling!);
                break;
            default:
                throw scaling!.Unsupported(scaling.Has("rope_type") ? "rope_type" : "type", "llama.cpp has no such scaling for this model; use --format hf");
        }
    }

    /// <summary>Llama's: how many dimensions turn, and Llama 3's divisors of the frequencies, a tensor of the file.</summary>
    public static void DescribeLlama(GgufParameters model)
    {
        model.Metadata.Add(model.Key("rope.dimension_count"), model.Spec.HeadSize);
        if (model.Spec.Rope.Scaling == RopeScaling.Llama3) model.Tensors.Add(GgufTensor.OfVector("rope_freqs.weight", Llama3Divisors(model.Spec)));
    }

    /// <summary>The object that holds the scaling: rope_parameters since transformers 5, rope_scaling before; of layer types the one for full attention.</summary>
    public static ConfigReader? Scaling(ConfigReader config)
    {
        ConfigReader? parameters = config.OptionalObject("rope_parameters") ?? config.OptionalObject("rope_scaling");
        return parameters is not null && parameters.Has("full_attention") ? parameters.OptionalObject("full_attention") : parameters;
    }

    private static void DescribeYarn(GgufParameters model, ConfigReader scaling)
    {
        foreach (string key in (string[])["mscale", "mscale_all_dim", "truncate"])
            if (scaling.Has(key)) throw scaling.Unsupported(key, "llama.cpp has no such key for this model; use --format hf");
        RopeSpec rope = model.Spec.Rope;
        model.Metadata.Add(model.Key("rope.scaling.type"), "yarn");
        // The factor in force: transformers takes the ratio of the two context lengths where both are given.
        model.Metadata.Add(model.Key("rope.scaling.factor"), rope.Factor);
        model.Metadata.Add(model.Key("rope.scaling.original_context_length"), rope.OriginalMaxPositions);
        foreach ((string key, string name) in ((string, string)[])[("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow")])
            if (scaling.OptionalDouble(key, 0, double.MaxValue) is { } value) model.Metadata.Add(model.Key("rope.scaling." + name), value);
        // llama.cpp multiplies by this besides its own 1 + ln(factor)/10.
        if (scaling.OptionalDouble("attention_factor", 0, double.MaxValue) is { } magnitude) model.Metadata.Add(model.Key("rope.scaling.attn_factor"), magnitude / (1 + 0.1 * Math.Log(rope.Factor)));
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
