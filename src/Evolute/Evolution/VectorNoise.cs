using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Noise;

namespace Evolute.Evolution;

/// <summary>A member's weights of one tensor, written out: masters + σ·ε.</summary>
internal static unsafe class VectorNoise
{
    /// <summary>Writes w + σ·sign·ε; what low-rank noise adds to a matrix is that of <see cref="WrittenFactors"/>.</summary>
    /// <param name="tensor">The masters.</param>
    /// <param name="member">The noise.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="destination">As long as the tensor.</param>
    public static void Write(WeightTensor tensor, Perturbation member, float sigma, Span<float> destination)
    {
        fixed (float* to = destination)
        {
            if (member.Noise.HasFactors(tensor.Shape.Count))
            {
                tensor.Span.CopyTo(destination);
                WrittenFactors.Add(tensor, member, sigma, to);
            }
            else
            {
                member.Source.AddScaled(tensor.NoiseId, 0, member.ElementScale(sigma), tensor.Pointer, to, tensor.Length);
            }
        }
    }
}
