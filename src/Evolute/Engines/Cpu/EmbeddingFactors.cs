using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Engines.Cpu;

/// <summary>The low-rank noise of an embedding that has no working copy: B is kept for each member, the row of A that belongs to a token is made when it is read.</summary>
internal sealed unsafe class EmbeddingFactors(WeightTensor embedding) : IDisposable
{
    private readonly int _width = checked((int)embedding.Shape[1]);
    private NativeBuffer _b = new(0);
    private NoiseKey[] _keys = [];
    private float[] _scales = [];
    private int _rank;

    /// <summary>Floats that a member takes.</summary>
    public long Length(int rank) => (long)_width * rank;

    public void Reserve(int members, int rank)
    {
        _rank = rank;
        if (_scales.Length < members) (_keys, _scales) = (new NoiseKey[members], new float[members]);
        if (_b.Length >= members * Length(rank)) return;
        _b.Dispose();
        _b = new NativeBuffer(members * Length(rank));
    }

    public void Write(int member, NoiseKey key, float scale)
    {
        (_keys[member], _scales[member]) = (key, scale);
        float[] factor = new float[_width * _rank];
        Normals.Fill(key, TensorId.FactorB(embedding.NoiseId), 0, factor);
        float* b = _b.Data + member * Length(_rank);
        for (int i = 0; i < _width; i++)
            for (int j = 0; j < _rank; j++) b[j * _width + i] = factor[i * _rank + j];
    }

    /// <summary>Adds to a token's embedding.</summary>
    public void AddTo(int token, int member, CpuKernels kernels, float* destination)
    {
        Span<float> a = stackalloc float[_rank];
        Normals.Fill(_keys[member], TensorId.FactorA(embedding.NoiseId), (long)token * _rank, a);
        for (int j = 0; j < _rank; j++) kernels.AddScaled(_b.Data + member * Length(_rank) + (long)j * _width, _scales[member] * a[j], destination, _width);
    }

    public void Dispose() => _b.Dispose();
}
