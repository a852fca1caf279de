namespace Evolute.Models.Gguf;

/// <summary>What Gemma's metadata has besides the usual.</summary>
internal static class GemmaParameters
{
    private const int DefaultWindow = 4096;

    // llama.cpp knows the largest sizes by their number of layers and scales attention by the width of a head of the residual stream there.
    private const int LayersOfGemma2Of27B = 46, LayersOfGemma3Of27B = 62;

    public static void DescribeGemma(GgufParameters model) => RequireScale(model, largest: -1);

    public static void DescribeGemma2(GgufParameters model)
    {
        RequireScale(model, LayersOfGemma2Of27B);
        model.Metadata.Add(model.Key("attn_logit_softcapping"), model.Config.OptionalDouble("attn_logit_softcapping", 0, double.MaxValue) ?? 50);
        model.Metadata.Add(model.Key("final_logit_softcapping"), model.Config.OptionalDouble("final_logit_softcapping", 0, double.MaxValue) ?? 30);
        DescribeWindow(model, period: 2, usual: 2);
    }

    public static void DescribeGemma3(GgufParameters model)
    {
        RequireScale(model, LayersOfGemma3Of27B);
        if (model.Config.OptionalDouble("final_logit_softcapping", 0, double.MaxValue) is > 0 and var cap) model.Metadata.Add(model.Key("final_logit_softcapping"), cap);
        model.Metadata.Add(model.Key("rope.freq_base_swa"), SlidingTheta(model.Config));
        int period = model.Config.OptionalInt("sliding_window_pattern", 1, int.MaxValue) ?? model.Config.OptionalInt("_sliding_window_pattern", 1, int.MaxValue) ?? 6;
        DescribeWindow(model, period, usual: 6);
    }

    /// <summary>The window, and which layers slide: in each period all but the last.</summary>
    private static void DescribeWindow(GgufParameters model, int period, int usual)
    {
        if (model.Config.OptionalStrings("layer_types") is { } types) period = PeriodOf(model, types);
        model.Metadata.Add(model.Key("attention.sliding_window"), model.Config.OptionalInt("sliding_window", 1, int.MaxValue) ?? DefaultWindow);
        if (period != usual) model.Metadata.Add(model.Key("attention.sliding_window_pattern"), period);
    }

    private static int PeriodOf(GgufParameters model, IReadOnlyList<string> types)
    {
        int first = types.ToList().IndexOf("full_attention");
        int period = first < 0 ? types.Count + 1 : first + 1;
        for (int layer = 0; layer < types.Count; layer++)
            if (types[layer] == "sliding_attention" != ((layer + 1) % period != 0))
                throw model.Config.Unsupported("layer_types", "llama.cpp can only be told of layers that slide but for every n-th; use --format hf");
        return period;
    }

    private static double SlidingTheta(ConfigReader config) =>
        config.OptionalDouble("rope_local_base_freq", 1, double.MaxValue)
        ?? config.OptionalObject("rope_parameters")?.OptionalObject("sliding_attention")?.OptionalDouble("rope_theta", 1, double.MaxValue)
        ?? 10_000;

    /// <summary>llama.cpp derives attention's scale, and no key can change it.</summary>
    private static void RequireScale(GgufParameters model, int largest)
    {
        ModelSpec spec = model.Spec;
        double expected = spec.LayerCount == largest ? spec.HiddenSize / spec.HeadCount : spec.HeadSize;
        double scalar = model.Config.OptionalDouble("query_pre_attn_scalar", double.Epsilon, double.MaxValue) ?? (spec.Family == "gemma" ? spec.HeadSize : 256);
        if (scalar != expected)
            throw model.Config.Unsupported("query_pre_attn_scalar", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"llama.cpp scales attention of such a model by 1/√{expected}, which no key can change; use --format hf"));
    }
}
