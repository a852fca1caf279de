namespace Evolute.Models;

/// <summary>The tensors that a model has, by its spec, and what a checkpoint may hold besides.</summary>
internal static class ModelTensors
{
    /// <summary>Every tensor's name and shape.</summary>
    public static IEnumerable<TensorSpec> Of(ModelSpec spec) => spec.EncoderDecoder is null ? DecoderTensors.Of(spec) : EncoderDecoderTensors.Of(spec);

    /// <summary>The input embedding.</summary>
    public static string Embedding(ModelSpec spec) => spec.EncoderDecoder is null ? TensorNames.Embedding : EncoderDecoderNames.Embedding;

    /// <summary>Names under which a checkpoint may hold the input embedding again; they are not tensors of their own.</summary>
    public static IEnumerable<string> EmbeddingCopies(ModelSpec spec) =>
        (spec.EncoderDecoder is null ? [] : EncoderDecoderNames.EmbeddingCopies).Concat(spec.TiedEmbeddings ? [TensorNames.Head] : []);

    /// <summary>Whether a checkpoint may hold the tensor although no engine reads it.</summary>
    public static bool IsIgnored(ModelSpec spec, string name) =>
        spec.EncoderDecoder is null ? DecoderTensors.IsIgnored(name) : name == EncoderDecoderNames.UnusedBias;
}
