namespace Evolute.Models;

/// <summary>The tensors that a decoder has, by its spec.</summary>
internal static class DecoderTensors
{
    /// <summary>Every tensor's name and shape.</summary>
    public static IEnumerable<TensorSpec> Of(ModelSpec spec)
    {
        long vocabulary = spec.VocabularySize, hidden = spec.HiddenSize;
        yield return new(TensorNames.Embedding, [vocabulary, hidden]);
        for (int layer = 0; layer < spec.LayerCount; layer++)
        {
            LayerTensorNames names = TensorNames.Layer(layer);
            foreach (TensorSpec tensor in Norms(spec, names)) yield return tensor;
            foreach (TensorSpec tensor in Attention(spec, names)) yield return tensor;
            foreach (TensorSpec tensor in spec.Layers[layer].Routed ? Experts(spec, spec.Experts!, names) : FeedForward(spec, names)) yield return tensor;
        }
        yield return new(TensorNames.FinalNorm, [hidden]);
        if (!spec.TiedEmbeddings) yield return new(TensorNames.Head, [vocabulary, hidden]);
    }

    /// <summary>Whether a checkpoint may hold the tensor although no engine reads it.</summary>
    public static bool IsIgnored(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<TensorSpec> Norms(ModelSpec spec, LayerTensorNames names)
    {
        long hidden = spec.HiddenSize;
        yield return new(names.InputNorm, [hidden]);
        yield return new(names.PostAttentionNorm, [hidden]);
        if (spec.NormsAfter)
        {
            yield return new(names.PreFeedForwardNorm, [hidden]);
            yield return new(names.PostFeedForwardNorm, [hidden]);
        }
        if (spec.QueryKeyNorm)
        {
            yield return new(names.QueryNorm, [spec.HeadSize]);
            yield return new(names.KeyNorm, [spec.HeadSize]);
        }
    }

    private static IEnumerable<TensorSpec> Attention(ModelSpec spec, LayerTensorNames names)
    {
        long hidden = spec.HiddenSize;
        long queries = (long)spec.HeadCount * spec.HeadSize, keys = (long)spec.KeyValueHeadCount * spec.HeadSize;
        if (spec.FusedProjections)
        {
            yield return new(names.QkvProj, [queries + 2 * keys, hidden]);
        }
        else
        {
            yield return new(names.QProj, [queries, hidden]);
            yield return new(names.KProj, [keys, hidden]);
            yield return new(names.VProj, [keys, hidden]);
        }
        yield return new(names.OProj, [hidden, queries]);
        if (spec.QkvBias)
        {
            yield return new(names.QBias, [queries]);
            yield return new(names.KBias, [keys]);
            yield return new(names.VBias, [keys]);
        }
        if (spec.OutputBias) yield return new(names.OBias, [hidden]);
    }

    private static IEnumerable<TensorSpec> FeedForward(ModelSpec spec, LayerTensorNames names)
    {
        long hidden = spec.HiddenSize, intermediate = spec.IntermediateSize;
        if (spec.FusedProjections)
        {
            yield return new(names.GateUpProj, [2 * intermediate, hidden]);
        }
        else
        {
            yield return new(names.GateProj, [intermediate, hidden]);
            yield return new(names.UpProj, [intermediate, hidden]);
        }
        yield return new(names.DownProj, [hidden, intermediate]);
        if (spec.MlpBias)
        {
            yield return new(names.GateBias, [intermediate]);
            yield return new(names.UpBias, [intermediate]);
            yield return new(names.DownBias, [hidden]);
        }
    }

    private static IEnumerable<TensorSpec> Experts(ModelSpec spec, ExpertSpec experts, LayerTensorNames names)
    {
        long hidden = spec.HiddenSize, intermediate = experts.IntermediateSize;
        yield return new(names.Router(experts), [experts.Count, hidden]);
        for (int expert = 0; expert < experts.Count; expert++)
        {
            (string gate, string up, string down) = names.Expert(experts, expert);
            yield return new(gate, [intermediate, hidden]);
            yield return new(up, [intermediate, hidden]);
            yield return new(down, [hidden, intermediate]);
        }
    }
}
