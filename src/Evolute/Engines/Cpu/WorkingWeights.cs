using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>One layer's working weights.</summary>
internal sealed record WorkingLayer(
    WorkingVector InputNorm, PackedMatrix Qkv, WorkingVector? QkvBias, PackedMatrix Output, WorkingVector? OutputBias,
    WorkingVector PostAttentionNorm, PackedMatrix GateUp, WorkingVector? GateUpBias, PackedMatrix Down, WorkingVector? DownBias);

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
        Layers = [.. Enumerable.Range(0, spec.LayerCount).Select(i => Layer(spec, weights, TensorNames.Layer(i)))];
        FinalNorm = Vector(spec.HiddenSize, (weights[TensorNames.FinalNorm], 0));
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

    /// <summary>The embedding [H] of one token.</summary>
    public void Embed(int token, float* destination)
    {
        if (_spec.TiedEmbeddings)
        {
            Head.CopyRow(token, destination);
            return;
        }
        long element = (long)token * _spec.HiddenSize;
        float* master = _embedding.Pointer + element;
        if (_key is { } noise) Normals.AddScaled(noise, _embedding.NoiseId, element, _scale, master, destination, _spec.HiddenSize);
        else Buffer.MemoryCopy(master, destination, (long)_spec.HiddenSize * sizeof(float), (long)_spec.HiddenSize * sizeof(float));
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices) matrix.Dispose();
        foreach (WorkingVector vector in _vectors) vector.Dispose();
    }

    private WorkingLayer Layer(ModelSpec spec, WeightTable weights, LayerTensorNames names)
    {
        PackedMatrix qkv = Matrix(weights[names.QProj], weights[names.KProj], weights[names.VProj]);
        PackedMatrix gateUp = Matrix(weights[names.GateProj], weights[names.UpProj]);
        return new(
            Vector(spec.HiddenSize, (weights[names.InputNorm], 0)),
            qkv,
            spec.QkvBias ? Vector(qkv.Columns, (weights[names.QBias], 0), (weights[names.KBias], qkv.ColumnOf(1)), (weights[names.VBias], qkv.ColumnOf(2))) : null,
            Matrix(weights[names.OProj]),
            spec.OutputBias ? Vector(spec.HiddenSize, (weights[names.OBias], 0)) : null,
            Vector(spec.HiddenSize, (weights[names.PostAttentionNorm], 0)),
            gateUp,
            spec.MlpBias ? Vector(gateUp.Columns, (weights[names.GateBias], 0), (weights[names.UpBias], gateUp.ColumnOf(1))) : null,
            Matrix(weights[names.DownProj]),
            spec.MlpBias ? Vector(spec.HiddenSize, (weights[names.DownBias], 0)) : null);
    }

    private PackedMatrix Matrix(params WeightTensor[] tensors)
    {
        PackedMatrix matrix = new(tensors);
        _matrices.Add(matrix);
        return matrix;
    }

    private WorkingVector Vector(int length, params (WeightTensor, int)[] parts)
    {
        WorkingVector vector = new(length, parts);
        _vectors.Add(vector);
        return vector;
    }
}
