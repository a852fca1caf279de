using Evolute.Engines.Cpu.Kernels;
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
    private NoiseSource? _noise;
    private EmbeddingFactors? _embeddingFactors;
    private float _scale;
    private int _rank, _places, _baseOf = -1;

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
        _noise = perturbation?.Source;
        _scale = perturbation?.ElementScale(sigma) ?? 0;
        (_rank, _baseOf) = (0, -1);
        Version++;
        if (_panelEnds.Length == 0) _panelEnds = PanelEnds();
        foreach (WorkingVector vector in _vectors) vector.Write(0, perturbation, sigma);
        foreach (PackedMatrix matrix in _matrices) matrix.Factors.Reserve(0, 0);
        team.Run(_ =>
        {
            int total = _panelEnds[^1];
            const int together = 4;
            for (int first = team.Take(together); first < total; first = team.Take(together))
                for (int panel = first; panel < Math.Min(first + together, total); panel++)
                {
                    int matrix = Array.BinarySearch(_panelEnds, panel + 1);
                    if (matrix < 0) matrix = ~matrix;
                    _matrices[matrix].Pack(panel - (matrix == 0 ? 0 : _panelEnds[matrix - 1]), _noise, _scale, _streaming);
                }
        });
    }

    /// <summary>Floats of a member's low-rank noise and vectors.</summary>
    public long FactorLength(int rank) => _matrices.Sum(m => MatrixFactors.Length(m, rank)) + (Spec.TiedEmbeddings ? 0 : (long)_embedding.Shape[1] * rank) + _vectors.Sum(v => (long)v.Stride);

    /// <summary>
    /// Prepares for one of several members with low-rank noise: the matrices are the masters for all of them and are packed once an update, each member's factors and vectors are its own.
    /// </summary>
    /// <param name="member">Its noise, of one rank for all.</param>
    /// <param name="place">Its place; what is in the others stays, unless the rest changes.</param>
    /// <param name="places">How many places there are.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="team">Takes part.</param>
    /// <param name="masters">Changes when the masters do.</param>
    public void WriteLowRank(Perturbation member, int place, int places, float sigma, ThreadTeam team, int masters)
    {
        if (_baseOf != masters) Write(null, 0, team);
        if ((_rank, _places, _baseOf) != (member.Noise.Rank, places, masters))
        {
            (_rank, _places, _baseOf) = (member.Noise.Rank, places, masters);
            foreach (PackedMatrix matrix in _matrices) matrix.Factors.Reserve(places, _rank);
            foreach (WorkingVector vector in _vectors) vector.Reserve(places);
            if (!Spec.TiedEmbeddings) (_embeddingFactors ??= new(_embedding)).Reserve(places, _rank);
        }
        Version++;
        if (team.Size == 1)
        {
            for (int part = 0; part <= _matrices.Count; part++) WriteLowRank(member, place, sigma, part);
            return;
        }
        team.Run(_ =>
        {
            for (int part = team.Take(1); part <= _matrices.Count; part = team.Take(1)) WriteLowRank(member, place, sigma, part);
        });
    }

    /// <summary>The embedding [H] of one token by a member's weights, scaled.</summary>
    public void Embed(int token, int member, CpuKernels kernels, float* destination)
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
            if (_noise is { } noise && !_embedding.Frozen) noise.AddScaled(_embedding.NoiseId, element, _scale, master, destination, hidden);
            else Buffer.MemoryCopy(master, destination, (long)hidden * sizeof(float), (long)hidden * sizeof(float));
        }
        if (_rank > 0 && !_embedding.Frozen) AddLowRank(token, member, kernels, destination);
        if (Spec.EmbeddingScale != 1) foreach (ref float value in new Span<float>(destination, hidden)) value *= Spec.EmbeddingScale;
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _matrices) matrix.Dispose();
        foreach (WorkingVector vector in _vectors) vector.Dispose();
        _embeddingFactors?.Dispose();
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

    /// <summary>A matrix's factors of a member; the last part is all of its vectors.</summary>
    private void WriteLowRank(Perturbation member, int place, float sigma, int part)
    {
        if (part < _matrices.Count)
        {
            _matrices[part].Factors.Write(place, member.Key, member.FactorScale(sigma));
            return;
        }
        _embeddingFactors?.Write(place, member.Key, member.FactorScale(sigma));
        foreach (WorkingVector vector in _vectors) vector.Write(place, member, sigma);
    }

    /// <summary>w = fma(B[·, j], s·A[token, j], w) in order of j; a tied head has the same factors.</summary>
    private void AddLowRank(int token, int member, CpuKernels kernels, float* destination)
    {
        if (_embeddingFactors is { } own)
        {
            own.AddTo(token, member, kernels, destination);
            return;
        }
        MatrixFactors factors = Head.Factors;
        float* a = factors.A(member) + token, b = factors.B(member);
        for (int j = 0; j < _rank; j++) kernels.AddScaled(b + (long)j * factors.StrideB, factors.Scales[member] * a[(long)j * factors.Columns], destination, Spec.HiddenSize);
    }

    /// <summary>The number of panels up to and with each matrix.</summary>
    private int[] PanelEnds()
    {
        int[] ends = new int[_matrices.Count];
        for (int i = 0, end = 0; i < ends.Length; i++) ends[i] = end += _matrices[i].PanelCount;
        return ends;
    }
}
