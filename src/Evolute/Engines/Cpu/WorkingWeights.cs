using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// A seat's working copy of the whole model, perturbed while it is written. The embedding of an untied model has no copy: the few rows that a
/// step reads are perturbed when they are read.
/// </summary>
internal sealed unsafe class WorkingWeights : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly WeightTensor _embedding;
    private readonly List<PackedMatrix> _matrices = [];
    private readonly List<WorkingVector> _vectors = [];
    private readonly int[] _panelEnds;
    private NoiseKey? _key;
    private float _scale;

    public WorkingWeights(ModelSpec spec, WeightTable weights)
    {
        _spec = spec;
        _embedding = weights[TensorNames.Embedding];
        Layers = [.. Enumerable.Range(0, spec.LayerCount).Select(i => Layer(spec.Layers[i], weights, TensorNames.Layer(i)))];
        FinalNorm = Norm(weights[TensorNames.FinalNorm]);
        Head = Matrix(spec.TiedEmbeddings ? _embedding : weights[TensorNames.Head]);
        _panelEnds = new int[_matrices.Count];
        for (int i = 0, end = 0; i < _panelEnds.Length; i++) _panelEnds[i] = end += _matrices[i].PanelCount;
    }

    public IReadOnlyList<WorkingLayer> Layers { get; }

    public WorkingVector FinalNorm { get; }

    public PackedMatrix Head { get; }

    /// <summary>Bytes of the packed matrices of a model, before one is made.</summary>
    public static long PackedBytes(WeightTable weights) => weights.Tensors.Where(t => t.Shape.Count == 2).Sum(t => t.Length) * sizeof(float);

    /// <summary>Writes everything for one member, or for none; the whole team takes part.</summary>
    public void Write(Perturbation? perturbation, float sigma, ThreadTeam team)
    {
        _key = perturbation?.Key;
        _scale = perturbation is { } p ? p.Sign * sigma : 0;
        foreach (WorkingVector vector in _vectors) vector.Write(_key, _scale);
        team.Run(_ =>
        {
            int total = _panelEnds[^1];
            const int together = 4;
            for (int first = team.Take(together); first < total; first = team.Take(together))
                for (int panel = first; panel < Math.Min(first + together, total); panel++)
                {
                    int matrix = Array.BinarySearch(_panelEnds, panel + 1);
                    if (matrix < 0) matrix = ~matrix;
                    _matrices[matrix].Pack(panel - (matrix == 0 ? 0 : _panelEnds[matrix - 1]), _key, _scale);
                }
        });
    }

    /// <summary>The embedding [H] of one token, scaled.</summary>
    public void Embed(int token, float* destination)
    {
        int hidden = _spec.HiddenSize;
        if (_spec.TiedEmbeddings)
        {
            Head.CopyRow(token, destination);
        }
        else
        {
            long element = (long)token * hidden;
            float* master = _embedding.Pointer + element;
            if (_key is { } noise) Normals.AddScaled(noise, _embedding.NoiseId, element, _scale, master, destination, hidden);
            else Buffer.MemoryCopy(master, destination, (long)hidden * sizeof(float), (long)hidden * sizeof(float));
        }
        if (_spec.EmbeddingScale != 1) foreach (ref float value in new Span<float>(destination, hidden)) value *= _spec.EmbeddingScale;
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices) matrix.Dispose();
        foreach (WorkingVector vector in _vectors) vector.Dispose();
    }

    private WorkingLayer Layer(LayerSpec layer, WeightTable weights, LayerTensorNames names)
    {
        PackedMatrix qkv = Qkv(weights, names);
        return new WorkingLayer
        {
            InputNorm = Norm(weights[names.InputNorm]),
            Qkv = qkv,
            QkvBias = _spec.QkvBias ? Vector(qkv.Columns, (weights[names.QBias], 0), (weights[names.KBias], qkv.ColumnOf(1)), (weights[names.VBias], qkv.ColumnOf(2))) : null,
            QueryNorm = _spec.QueryKeyNorm ? Norm(weights[names.QueryNorm]) : null,
            KeyNorm = _spec.QueryKeyNorm ? Norm(weights[names.KeyNorm]) : null,
            Output = Matrix(weights[names.OProj]),
            OutputBias = _spec.OutputBias ? Vector(_spec.HiddenSize, (weights[names.OBias], 0)) : null,
            NormAfterAttention = _spec.NormsAfter ? Norm(weights[names.PostAttentionNorm]) : null,
            FeedForwardNorm = Norm(weights[_spec.NormsAfter ? names.PreFeedForwardNorm : names.PostAttentionNorm]),
            Router = layer.Routed ? Matrix(weights[names.Router(_spec.Experts!)]) : null,
            FeedForwards = layer.Routed ? Experts(_spec.Experts!, weights, names) : [FeedForward(weights, names)],
            NormAfterFeedForward = _spec.NormsAfter ? Norm(weights[names.PostFeedForwardNorm]) : null,
        };
    }

    private PackedMatrix Qkv(WeightTable weights, LayerTensorNames names)
    {
        if (!_spec.FusedProjections) return Matrix(weights[names.QProj], weights[names.KProj], weights[names.VProj]);
        WeightTensor fused = weights[names.QkvProj];
        int queries = _spec.HeadCount * _spec.HeadSize, keys = _spec.KeyValueHeadCount * _spec.HeadSize;
        return Matrix(new(fused, 0, queries), new(fused, queries, keys), new(fused, queries + keys, keys));
    }

    private WorkingFeedForward FeedForward(WeightTable weights, LayerTensorNames names)
    {
        int width = _spec.IntermediateSize;
        PackedMatrix gateUp = _spec.FusedProjections
            ? Matrix(new(weights[names.GateUpProj], 0, width), new(weights[names.GateUpProj], width, width))
            : Matrix(weights[names.GateProj], weights[names.UpProj]);
        return new(
            gateUp,
            _spec.MlpBias ? Vector(gateUp.Columns, (weights[names.GateBias], 0), (weights[names.UpBias], gateUp.ColumnOf(1))) : null,
            Matrix(weights[names.DownProj]),
            _spec.MlpBias ? Vector(_spec.HiddenSize, (weights[names.DownBias], 0)) : null);
    }

    private WorkingFeedForward[] Experts(ExpertSpec experts, WeightTable weights, LayerTensorNames names) =>
    [
        .. Enumerable.Range(0, experts.Count).Select(i =>
        {
            (string gate, string up, string down) = names.Expert(experts, i);
            return new WorkingFeedForward(Matrix(weights[gate], weights[up]), null, Matrix(weights[down]), null);
        }),
    ];

    private PackedMatrix Matrix(params MatrixPart[] parts)
    {
        PackedMatrix matrix = new(parts);
        _matrices.Add(matrix);
        return matrix;
    }

    private WorkingVector Norm(WeightTensor tensor)
    {
        WorkingVector vector = new((int)tensor.Length, _spec.UnitOffsetNorms, (tensor, 0));
        _vectors.Add(vector);
        return vector;
    }

    private WorkingVector Vector(int length, params (WeightTensor, int)[] parts)
    {
        WorkingVector vector = new(length, onePlus: false, parts);
        _vectors.Add(vector);
        return vector;
    }
}
