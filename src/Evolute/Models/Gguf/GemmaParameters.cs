namespace Evolute.Models.Gguf;

/// <summary>What Gemma's metadata has besides the usual: soft-caps, and which layers slide.</summary>
internal static class GemmaParameters
{
    public static void DescribeGemma2(GgufParameters model)
    {
        if (model.Spec.AttentionSoftCap == 0 || model.Spec.LogitSoftCap == 0) throw model.Unsupported("a Gemma 2 without soft-caps");
        model.Metadata.Add(model.Key("attn_logit_softcapping"), model.Spec.AttentionSoftCap);
        model.Metadata.Add(model.Key("final_logit_softcapping"), model.Spec.LogitSoftCap);
        DescribeWindow(model, usual: 2);
    }

    public static void DescribeGemma3(GgufParameters model)
    {
        if (model.Spec.LogitSoftCap > 0) model.Metadata.Add(model.Key("final_logit_softcapping"), model.Spec.LogitSoftCap);
        RopeSpec sliding = model.Spec.SlidingRope ?? model.Spec.Rope;
        if (sliding.Scaling != RopeScaling.None) throw model.Unsupported("a rotary scaling of layers that slide");
        model.Metadata.Add(model.Key("rope.freq_base_swa"), sliding.Theta);
        DescribeWindow(model, usual: 6);
    }

    /// <summary>The window, and which layers slide: in each period all but the last.</summary>
    private static void DescribeWindow(GgufParameters model, int usual)
    {
        IReadOnlyList<LayerSpec> layers = model.Spec.Layers;
        int full = layers.ToList().FindIndex(layer => !layer.Slides), period = full < 0 ? layers.Count + 1 : full + 1;
        for (int i = 0; i < layers.Count; i++)
            if (layers[i].Slides != ((i + 1) % period != 0)) throw model.Unsupported("a pattern of layers that slide other than all but every n-th");
        // A window beyond all positions is none, and then the pattern is of no matter.
        model.Metadata.Add(model.Key("attention.sliding_window"), model.Spec.SlidingWindow > 0 ? model.Spec.SlidingWindow : model.Spec.MaxPositions);
        if (period != usual && model.Spec.SlidingWindow > 0) model.Metadata.Add(model.Key("attention.sliding_window_pattern"), period);
    }
}
