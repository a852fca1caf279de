using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>A seat's working copy of a decoder-only model.</summary>
internal sealed class WorkingWeights : WorkingCopy
{
    public WorkingWeights(ModelSpec spec, WeightTable weights, PackedType packed) : base(spec, weights, packed)
    {
        Layers = [.. Enumerable.Range(0, spec.LayerCount).Select(i => Layer(spec.Layers[i], weights, TensorNames.Layer(i)))];
        FinalNorm = Norm(weights[TensorNames.FinalNorm]);
    }

    public IReadOnlyList<WorkingLayer> Layers { get; }

    public WorkingVector FinalNorm { get; }

    private WorkingLayer Layer(LayerSpec layer, WeightTable weights, LayerTensorNames names)
    {
        PackedMatrix qkv = Qkv(weights, names);
        return new WorkingLayer
        {
            InputNorm = Norm(weights[names.InputNorm]),
            Qkv = qkv,
            QkvBias = Spec.QkvBias ? Vector(qkv.Columns, (weights[names.QBias], 0), (weights[names.KBias], qkv.ColumnOf(1)), (weights[names.VBias], qkv.ColumnOf(2))) : null,
            QueryNorm = Spec.QueryKeyNorm ? Norm(weights[names.QueryNorm]) : null,
            KeyNorm = Spec.QueryKeyNorm ? Norm(weights[names.KeyNorm]) : null,
            Output = Matrix(weights[names.OProj]),
            OutputBias = Spec.OutputBias ? Vector(Spec.HiddenSize, (weights[names.OBias], 0)) : null,
            NormAfterAttention = Spec.NormsAfter ? Norm(weights[names.PostAttentionNorm]) : null,
            FeedForwardNorm = Norm(weights[Spec.NormsAfter ? names.PreFeedForwardNorm : names.PostAttentionNorm]),
            Router = layer.Routed ? Matrix(weights[names.Router(Spec.Experts!)]) : null,
            FeedForwards = layer.Routed ? Experts(Spec.Experts!, weights, names) : [FeedForward(weights, names)],
            NormAfterFeedForward = Spec.NormsAfter ? Norm(weights[names.PostFeedForwardNorm]) : null,
        };
    }

    private PackedMatrix Qkv(WeightTable weights, LayerTensorNames names)
    {
        if (!Spec.FusedProjections) return Matrix(weights[names.QProj], weights[names.KProj], weights[names.VProj]);
        WeightTensor fused = weights[names.QkvProj];
        int queries = Spec.HeadCount * Spec.HeadSize, keys = Spec.KeyValueHeadCount * Spec.HeadSize;
        return Matrix(new(fused, 0, queries), new(fused, queries, keys), new(fused, queries + keys, keys));
    }

    private WorkingFeedForward FeedForward(WeightTable weights, LayerTensorNames names)
    {
        int width = Spec.IntermediateSize;
        PackedMatrix gateUp = Spec.FusedProjections
            ? Matrix(new(weights[names.GateUpProj], 0, width), new(weights[names.GateUpProj], width, width))
            : Matrix(weights[names.GateProj], weights[names.UpProj]);
        return new(
            gateUp,
            Spec.MlpBias ? Vector(gateUp.Columns, (weights[names.GateBias], 0), (weights[names.UpBias], gateUp.ColumnOf(1))) : null,
            Matrix(weights[names.DownProj]),
            Spec.MlpBias ? Vector(Spec.HiddenSize, (weights[names.DownBias], 0)) : null);
    }

    private WorkingFeedForward[] Experts(ExpertSpec experts, WeightTable weights, LayerTensorNames names) =>
    [
        .. Enumerable.Range(0, experts.Count).Select(i =>
        {
            (string gate, string up, string down) = names.Expert(experts, i);
            return new WorkingFeedForward(Matrix(weights[gate], weights[up]), null, Matrix(weights[down]), null);
        }),
    ];
}
