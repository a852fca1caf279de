using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>
/// A seat's working copy of the whole model, perturbed while it is written. The embedding of an untied model has no copy: the few rows that a
/// step reads are perturbed when they are read.
/// </summary>
internal abstract unsafe class WorkingCopy : IDisposable
{
    /// <summary>Packed bytes beyond which panels are written past the caches: more than a last-level cache keeps until they are read.</summary>
    private const long StreamingBytes = 32 << 20;

    private readonly WeightTensor _embedding;
    private readonly PackedType _packed;
    private readonly bool _streaming;
    private readonly List<PackedMatrix> _matrices = [];
    private readonly List<WorkingVector> _vectors = [];
    private int[] _panelEnds = [];
    private NoiseKey? _key;
    private float _scale;

    protected WorkingCopy(ModelSpec spec, WeightTable weights, PackedType packed)
    {
        Spec = spec;
        _packed = packed;
        _streaming = PackedBytes(spec, packed) > StreamingBytes;
        _embedding = weights[ModelTensors.Embedding(spec)];
        Head = Matrix(spec.TiedEmbeddings ? _embedding : weights[TensorNames.Head]);
    }

    protected ModelSpec Spec { get; }

    /// <summary>What gives the logits.</summary>
    public PackedMatrix Head { get; }

    /// <summary>Grows each time the weights are written.</summary>
    public int Version { get; private set; }

    /// <summary>A copy of the kind that the model needs.</summary>
    public static WorkingCopy Of(ModelSpec spec, WeightTable weights, PackedType packed) =>
        spec.EncoderDecoder is null ? new WorkingWeights(spec, weights, packed) : new EncoderDecoderWeights(spec, weights, packed);

    /// <summary>Bytes of the packed matrices of a model, before one is made; sizes in config.json have limits, their sum has none.</summary>
    public static long PackedBytes(ModelSpec spec, PackedType packed)
    {
        Int128 elements = 0;
        foreach (TensorSpec tensor in ModelTensors.Of(spec))
            if (tensor.Shape.Count == 2 && (spec.TiedEmbeddings || tensor.Name != ModelTensors.Embedding(spec))) elements += tensor.Length;
        return (long)Int128.Min(elements * PackedMatrix.SizeOf(packed), long.MaxValue);
    }

    /// <summary>Writes everything for one member, or for none; the whole team takes part.</summary>
    public void Write(Perturbation? perturbation, float sigma, ThreadTeam team)
    {
        _key = perturbation?.Key;
        _scale = perturbation is { } p ? p.Sign * sigma : 0;
        Version++;
        if (_panelEnds.Length == 0) _panelEnds = PanelEnds();
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
                    _matrices[matrix].Pack(panel - (matrix == 0 ? 0 : _panelEnds[matrix - 1]), _key, _scale, _streaming);
                }
        });
    }

    /// <summary>The embedding [H] of one token, scaled.</summary>
    public void Embed(int token, float* destination)
    {
        int hidden = Spec.HiddenSize;
        if (Spec.TiedEmbeddings)
        {
            Head.CopyRow(token, destination);
        }
        else
        {
            long element = (long)token * hidden;
            float* master = _embedding.Pointer + element;
            if (_key is { } noise && !_embedding.Frozen) Normals.AddScaled(noise, _embedding.NoiseId, element, _scale, master, destination, hidden);
            else Buffer.MemoryCopy(master, destination, (long)hidden * sizeof(float), (long)hidden * sizeof(float));
        }
        if (Spec.EmbeddingScale != 1) foreach (ref float value in new Span<float>(destination, hidden)) value *= Spec.EmbeddingScale;
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices) matrix.Dispose();
        foreach (WorkingVector vector in _vectors) vector.Dispose();
    }

    protected PackedMatrix Matrix(params MatrixPart[] parts)
    {
        PackedMatrix matrix = new(_packed, parts);
        _matrices.Add(matrix);
        return matrix;
    }

    protected WorkingVector Norm(WeightTensor tensor)
    {
        WorkingVector vector = new((int)tensor.Length, Spec.UnitOffsetNorms, (tensor, 0));
        _vectors.Add(vector);
        return vector;
    }

    protected WorkingVector Vector(int length, params (WeightTensor, int)[] parts)
    {
        WorkingVector vector = new(length, onePlus: false, parts);
        _vectors.Add(vector);
        return vector;
    }

    /// <summary>The number of panels up to and with each matrix.</summary>
    private int[] PanelEnds()
    {
        int[] ends = new int[_matrices.Count];
        for (int i = 0, end = 0; i < ends.Length; i++) ends[i] = end += _matrices[i].PanelCount;
        return ends;
    }
}
