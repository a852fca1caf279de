using Evolute.Models;
using Evolute.Noise;
using Evolute.Numerics;

namespace Evolute.Evolution;

/// <summary>A member's weights of one tensor, written out: masters + σ·ε. An engine never forms them for low-rank noise; a plain vector has to.</summary>
internal static unsafe class VectorNoise
{
    /// <summary>Writes w + σ·sign·ε; for low-rank noise of a matrix w[i, k] = fma(σ·sign/√r, Σⱼ A[i, j]·B[k, j], w[i, k]), the sum a chain of fused multiply-adds.</summary>
    /// <param name="tensor">The masters.</param>
    /// <param name="member">The noise.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="destination">As long as the tensor.</param>
    public static void Write(WeightTensor tensor, Perturbation member, float sigma, Span<float> destination)
    {
        fixed (float* to = destination)
        {
            if (member.Noise.HasFactors(tensor.Shape.Count)) WriteFactors(tensor, member, sigma, to);
            else member.Source.AddScaled(tensor.NoiseId, 0, member.ElementScale(sigma), tensor.Pointer, to, tensor.Length);
        }
    }

    private static void WriteFactors(WeightTensor tensor, Perturbation member, float sigma, float* to)
    {
        int rows = (int)tensor.Shape[0], columns = (int)tensor.Shape[1], rank = member.Noise.Rank;
        float[] a = new float[rows * rank], b = new float[columns * rank];
        Normals.Fill(member.Key, TensorId.FactorA(tensor.NoiseId), 0, a);
        Normals.Fill(member.Key, TensorId.FactorB(tensor.NoiseId), 0, b);
        float scale = member.FactorScale(sigma);
        float* from = tensor.Pointer;
        for (int i = 0; i < rows; i++)
            for (int k = 0; k < columns; k++, from++, to++)
            {
                float sum = 0;
                for (int j = 0; j < rank; j++) sum = FusedMultiplyAdd.Of(a[i * rank + j], b[k * rank + j], sum);
                *to = FusedMultiplyAdd.Of(scale, sum, *from);
            }
    }
}
