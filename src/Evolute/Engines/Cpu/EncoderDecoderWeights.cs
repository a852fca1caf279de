using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>The working weights of a side's attention to itself.</summary>
internal sealed record SelfAttentionWeights(WorkingVector Norm, PackedMatrix Qkv, PackedMatrix Output);

/// <summary>The working weights of the decoder's attention to what the encoder made.</summary>
internal sealed record CrossAttentionWeights(WorkingVector Norm, PackedMatrix Queries, PackedMatrix KeysValues, PackedMatrix Output);

/// <summary>One layer's working weights.</summary>
internal sealed record EncoderDecoderLayer(SelfAttentionWeights Self, CrossAttentionWeights? Cross, WorkingVector FeedForwardNorm, WorkingFeedForward FeedForward);

/// <summary>One side's working weights.</summary>
internal sealed record EncoderDecoderSideWeights(WorkingVector RelativeBias, IReadOnlyList<EncoderDecoderLayer> Layers, WorkingVector FinalNorm);

/// <summary>A seat's working copy of a model with an encoder and a decoder.</summary>
internal sealed class EncoderDecoderWeights : WorkingCopy
{
    public EncoderDecoderWeights(ModelSpec spec, WeightTable weights, PackedType packed) : base(spec, weights, packed)
    {
        Encoder = Side(weights, EncoderDecoderNames.Encoder, spec.EncoderDecoder!.EncoderLayerCount);
        Decoder = Side(weights, EncoderDecoderNames.Decoder, spec.LayerCount);
    }

    public EncoderDecoderSideWeights Encoder { get; }

    public EncoderDecoderSideWeights Decoder { get; }

    private EncoderDecoderSideWeights Side(WeightTable weights, EncoderDecoderSide names, int layers)
    {
        WeightTensor bias = weights[names.RelativeBias];
        return new(
            Vector((int)bias.Length, (bias, 0)),
            [.. Enumerable.Range(0, layers).Select(i => new EncoderDecoderLayer(Self(weights, names, i), Cross(weights, names, i), Norm(weights[names.FeedForwardNorm(i)]), FeedForward(weights, names, i)))],
            Norm(weights[names.FinalNorm]));
    }

    private SelfAttentionWeights Self(WeightTable weights, EncoderDecoderSide names, int layer)
    {
        WeightTensor Of(char matrix) => weights[names.AttentionMatrix(layer, cross: false, matrix)];
        return new(Norm(weights[names.AttentionNorm(layer, cross: false)]), Matrix(Of('q'), Of('k'), Of('v')), Matrix(Of('o')));
    }

    private CrossAttentionWeights? Cross(WeightTable weights, EncoderDecoderSide names, int layer)
    {
        if (!names.Crosses) return null;
        WeightTensor Of(char matrix) => weights[names.AttentionMatrix(layer, cross: true, matrix)];
        return new(Norm(weights[names.AttentionNorm(layer, cross: true)]), Matrix(Of('q')), Matrix(Of('k'), Of('v')), Matrix(Of('o')));
    }

    private WorkingFeedForward FeedForward(WeightTable weights, EncoderDecoderSide names, int layer) => new(
        Matrix([.. EncoderDecoderTensors.FeedForwardInputs(Spec).Select(input => (MatrixPart)weights[names.FeedForwardMatrix(layer, input)])]), null,
        Matrix(weights[names.FeedForwardMatrix(layer, "wo")]), null);
}
