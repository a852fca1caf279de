namespace Evolute.Models;

/// <summary>The tensors that a decoder of the Llama kind has, by its spec.</summary>
internal static class DecoderTensors
{
    /// <summary>Every tensor's name and shape.</summary>
    public static IEnumerable<TensorSpec> Of(ModelSpec spec)
    {
        long vocabulary = spec.VocabularySize, hidden = spec.HiddenSize;
        yield return new(TensorNames.Embedding, [vocabulary, hidden]);
        for (int layer = 0; layer < spec.LayerCount; layer++)
            foreach (TensorSpec tensor in OfLayer(spec, TensorNames.Layer(layer)))
                yield return tensor;
        yield return new(TensorNames.FinalNorm, [hidden]);
        if (!spec.TiedEmbeddings) yield return new(TensorNames.Head, [vocabulary, hidden]);
    }

    /// <summary>Whether a checkpoint may hold the tensor although no engine reads it.</summary>
    public static bool IsIgnored(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<TensorSpec> OfLayer(ModelSpec spec, LayerTensorNames names)
    {
        long hidden = spec.HiddenSize, intermediate = spec.IntermediateSize;
        long queries = (long)spec.HeadCount * spec.HeadSize, keys = (long)spec.KeyValueHeadCount * spec.HeadSize;

        yield return new(names.InputNorm, [hidden]);
        yield return new(names.QProj, [queries, hidden]);
        yield return new(names.KProj, [keys, hidden]);
        yield return new(names.VProj, [keys, hidden]);
        yield return new(names.OProj, [hidden, queries]);
        yield return new(names.PostAttentionNorm, [hidden]);
        yield return new(names.GateProj, [intermediate, hidden]);
        yield return new(names.UpProj, [intermediate, hidden]);
        yield return new(names.DownProj, [hidden, intermediate]);
        if (spec.QkvBias)
        {
            yield return new(names.QBias, [queries]);
            yield return new(names.KBias, [keys]);
            yield return new(names.VBias, [keys]);
        }
        if (spec.OutputBias) yield return new(names.OBias, [hidden]);
        if (spec.MlpBias)
        {
            yield return new(names.GateBias, [intermediate]);
            yield return new(names.UpBias, [intermediate]);
            yield return new(names.DownBias, [hidden]);
        }
    }
}
