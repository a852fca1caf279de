namespace Evolute.Models;

/// <summary>The tensors that a model with an encoder and a decoder has, by its spec.</summary>
internal static class EncoderDecoderTensors
{
    /// <summary>Every tensor's name and shape.</summary>
    public static IEnumerable<TensorSpec> Of(ModelSpec spec)
    {
        long vocabulary = spec.VocabularySize, hidden = spec.HiddenSize;
        yield return new(EncoderDecoderNames.Embedding, [vocabulary, hidden]);
        foreach (TensorSpec tensor in Side(spec, EncoderDecoderNames.Encoder, spec.EncoderDecoder!.EncoderLayerCount)) yield return tensor;
        foreach (TensorSpec tensor in Side(spec, EncoderDecoderNames.Decoder, spec.LayerCount)) yield return tensor;
        if (!spec.TiedEmbeddings) yield return new(TensorNames.Head, [vocabulary, hidden]);
    }

    private static IEnumerable<TensorSpec> Side(ModelSpec spec, EncoderDecoderSide names, int layers)
    {
        long hidden = spec.HiddenSize;
        yield return new(names.RelativeBias, [spec.EncoderDecoder!.RelativeBuckets, spec.HeadCount]);
        for (int layer = 0; layer < layers; layer++)
        {
            foreach (TensorSpec tensor in Attention(spec, names, layer, cross: false)) yield return tensor;
            if (names.Crosses)
                foreach (TensorSpec tensor in Attention(spec, names, layer, cross: true)) yield return tensor;
            yield return new(names.FeedForwardNorm(layer), [hidden]);
            foreach (string input in FeedForwardInputs(spec)) yield return new(names.FeedForwardMatrix(layer, input), [spec.IntermediateSize, hidden]);
            yield return new(names.FeedForwardMatrix(layer, "wo"), [hidden, spec.IntermediateSize]);
        }
        yield return new(names.FinalNorm, [hidden]);
    }

    /// <summary>The input matrices of a feed-forward layer, the one that goes through the activation first.</summary>
    public static IReadOnlyList<string> FeedForwardInputs(ModelSpec spec) => spec.Gated ? ["wi_0", "wi_1"] : ["wi"];

    private static IEnumerable<TensorSpec> Attention(ModelSpec spec, EncoderDecoderSide names, int layer, bool cross)
    {
        long hidden = spec.HiddenSize, heads = (long)spec.HeadCount * spec.HeadSize;
        yield return new(names.AttentionNorm(layer, cross), [hidden]);
        foreach (char matrix in "qkv") yield return new(names.AttentionMatrix(layer, cross, matrix), [heads, hidden]);
        yield return new(names.AttentionMatrix(layer, cross, 'o'), [hidden, heads]);
    }
}
