namespace Evolute.Models.Gguf;

/// <summary>What Phi-3's metadata has besides the usual: the part of a head that turns, and longrope's factors, tensors of the file.</summary>
internal static class PhiParameters
{
    public static void Describe(GgufParameters model)
    {
        (ModelSpec spec, RopeSpec rope) = (model.Spec, model.Spec.Rope);
        if (spec.HeadSize * spec.HeadCount != spec.HiddenSize) throw model.Unsupported("a Phi-3 whose heads together are not as wide as its residual stream");
        model.Metadata.Add(model.Key("rope.dimension_count"), rope.TurningSize(spec.HeadSize));
        model.Metadata.Add(model.Key("rope.scaling.original_context_length"), rope.OriginalMaxPositions > 0 ? rope.OriginalMaxPositions : spec.MaxPositions);
        model.Metadata.Add(model.Key("attention.sliding_window"), spec.SlidingWindow);
        if (rope.Scaling != RopeScaling.LongRope) return;
        model.Metadata.Add(model.Key("rope.scaling.attn_factor"), rope.Magnitude);
        model.Tensors.Add(GgufTensor.OfVector("rope_factors_long.weight", [.. rope.LongFactors.Select(f => (float)f)]));
        model.Tensors.Add(GgufTensor.OfVector("rope_factors_short.weight", [.. rope.ShortFactors.Select(f => (float)f)]));
    }
}
