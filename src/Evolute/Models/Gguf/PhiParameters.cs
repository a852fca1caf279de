using System.Text.Json;

namespace Evolute.Models.Gguf;

/// <summary>What Phi-3's metadata has besides the usual: the part of a head that turns, and longrope's factors, tensors of the file.</summary>
internal static class PhiParameters
{
    private const int DefaultOriginalPositions = 4096;

    public static void Describe(GgufParameters model)
    {
        (ModelSpec spec, ConfigReader config) = (model.Spec, model.Config);
        ConfigReader? scaling = RopeParameters.Scaling(config);
        double share = config.OptionalDouble("partial_rotary_factor", 0, 1) ?? scaling?.OptionalDouble("partial_rotary_factor", 0, 1) ?? 1;
        int turning = (int)(share * spec.HiddenSize) / spec.HeadCount;
        int original = config.OptionalInt("original_max_position_embeddings", 1, int.MaxValue) ?? scaling?.OptionalInt("original_max_position_embeddings", 1, int.MaxValue) ?? DefaultOriginalPositions;
        model.Metadata.Add(model.Key("rope.dimension_count"), turning);
        model.Metadata.Add(model.Key("rope.scaling.original_context_length"), original);
        int window = config.OptionalInt("sliding_window", 1, int.MaxValue) ?? 0;
        model.Metadata.Add(model.Key("attention.sliding_window"), window);
        model.NoteWindow(window);
        if (scaling is not null && scaling.Has("long_factor")) DescribeFactors(model, scaling, turning, (double)spec.MaxPositions / original, original);
    }

    private static void DescribeFactors(GgufParameters model, ConfigReader scaling, int turning, double growth, int original)
    {
        double magnitude = growth > 1 ? Math.Sqrt(1 + Math.Log(growth) / Math.Log(original)) : 1;
        model.Metadata.Add(model.Key("rope.scaling.attn_factor"), scaling.OptionalDouble("attention_factor", 0, double.MaxValue) ?? magnitude);
        model.Tensors.Add(GgufTensor.OfVector("rope_factors_long.weight", Factors(scaling, "long_factor", turning)));
        model.Tensors.Add(GgufTensor.OfVector("rope_factors_short.weight", Factors(scaling, "short_factor", turning)));
    }

    private static float[] Factors(ConfigReader scaling, string key, int turning) =>
        scaling.Get(key) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == turning / 2 && list.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(v => v.GetSingle())]
            : throw scaling.Bad(key, $"a list of {turning / 2} numbers");
}
