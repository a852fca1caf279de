using Evolute.Models;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Radians per position of each pair of a head's dimensions: θ^(−2i/D), scaled as the spec says. Rounded to float32 where transformers rounds,
/// so that long contexts agree with it.
/// </summary>
internal static class RopeFrequencies
{
    /// <summary>Writes one frequency a pair.</summary>
    /// <param name="rope">The rotary embedding.</param>
    /// <param name="headSize">Size of one head.</param>
    /// <param name="context"><see cref="RopeSpec.ContextOf"/> the sequence's length.</param>
    /// <param name="frequencies">As many as pairs turn.</param>
    public static void Write(RopeSpec rope, int headSize, int context, Span<float> frequencies)
    {
        int turning = rope.TurningSize(headSize);
        double theta = rope.Scaling == RopeScaling.Dynamic ? DynamicTheta(rope, turning, context) : rope.Theta;
        (double low, double high) ramp = rope.Scaling == RopeScaling.Yarn ? YarnRamp(rope, turning) : default;
        for (int i = 0; i < frequencies.Length; i++)
        {
            float power = (float)PortableMath.Pow(theta, 2.0 * i / turning), plain = (float)(1 / PortableMath.Pow(theta, 2.0 * i / turning));
            frequencies[i] = rope.Scaling switch
            {
                RopeScaling.None or RopeScaling.Dynamic => plain,
                RopeScaling.Linear => (float)(plain / rope.Factor),
                RopeScaling.Llama3 => Llama3(plain, rope),
                RopeScaling.Yarn => Yarn(power, i, rope.Factor, ramp),
                RopeScaling.LongRope => 1f / ((float)(context > rope.OriginalMaxPositions ? rope.LongFactors : rope.ShortFactors)[i] * power),
                _ => throw new EvoluteInputException($"The CPU engine does not know the rope scaling {rope.Scaling}."),
            };
        }
    }

    /// <summary>Wavelengths above original/low are stretched by the factor, those below original/high stay, between them a linear blend.</summary>
    private static float Llama3(float frequency, RopeSpec rope)
    {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength > rope.OriginalMaxPositions / rope.LowFrequencyFactor) return (float)(frequency / rope.Factor);
        if (wavelength < rope.OriginalMaxPositions / rope.HighFrequencyFactor) return frequency;
        double keep = (rope.OriginalMaxPositions / wavelength - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor);
        return (float)((1 - keep) * frequency / rope.Factor + keep * frequency);
    }

    /// <summary>The base grows so that the slowest pair reaches over the whole sequence ("NTK-aware" scaling).</summary>
    private static double DynamicTheta(RopeSpec rope, int turning, int context)
    {
        double stretch = rope.Factor * context / rope.OriginalMaxPositions - (rope.Factor - 1);
        return rope.Theta * PortableMath.Pow(stretch, turning / (turning - 2.0));
    }

    /// <summary>The pairs between which frequencies go over from kept to divided (Peng et al., 2023).</summary>
    private static (double Low, double High) YarnRamp(RopeSpec rope, int turning)
    {
        double low = PairOf(rope.BetaFast), high = PairOf(rope.BetaSlow);
        if (rope.WholePairs) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, turning - 1));
        return (low, low == high ? high + 0.001 : high);

        double PairOf(double turns) => turning * PortableMath.Log(rope.OriginalMaxPositions / (turns * 2 * Math.PI)) / (2 * PortableMath.Log(rope.Theta));
    }

    private static float Yarn(float power, int pair, double factor, (double Low, double High) ramp)
    {
        float kept = 1f - Math.Clamp((float)((pair - ramp.Low) / (ramp.High - ramp.Low)), 0f, 1f);
        return (float)(1 / (factor * power)) * (1f - kept) + 1f / power * kept;
    }
}
