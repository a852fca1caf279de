using Evolute.Models;
using Evolute.Noise;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>Low-rank noise of a matrix that is written out: a table that is read element by element, or a plain vector's part. Products with working weights never form it.</summary>
internal static unsafe class WrittenFactors
{
    /// <summary>values[o, i] = fma(f·A[o, j], B[i, j], values[o, i]) in order of j, f = σ·sign/√r: what an embedding's row gets too.</summary>
    /// <param name="tensor">Which matrix.</param>
    /// <param name="perturbation">The noise.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="values">As long as the matrix.</param>
    public static void Add(WeightTensor tensor, Perturbation perturbation, float sigma, float* values)
    {
        int rank = perturbation.Noise.Rank, rows = (int)tensor.Shape[0], columns = (int)tensor.Shape[1];
        float[] a = new float[rows * rank], b = new float[columns * rank];
        Normals.Fill(perturbation.Key, TensorId.FactorA(tensor.NoiseId), 0, a);
        Normals.Fill(perturbation.Key, TensorId.FactorB(tensor.NoiseId), 0, b);
        float scale = perturbation.FactorScale(sigma);
        for (int o = 0; o < rows; o++)
            for (int i = 0; i < columns; i++, values++)
                for (int j = 0; j < rank; j++) *values = FusedMultiplyAdd.Of(scale * a[o * rank + j], b[i * rank + j], *values);
    }
}
