using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;
using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Cosines and sines [positions][D/2]. Frequencies and angles are rounded to float32 where transformers rounds them, so that long contexts agree
/// with it.
/// </summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private readonly NativeBuffer _cos, _sin;
    private readonly int _half;

    public RopeTable(ModelSpec spec, int positions)
    {
        _half = spec.HeadSize / 2;
        Positions = positions;
        _cos = new NativeBuffer((long)positions * _half);
        _sin = new NativeBuffer((long)positions * _half);
        float[] frequencies = Frequencies(spec.Rope, spec.HeadSize);
        for (int position = 0; position < positions; position++)
            for (int i = 0; i < _half; i++)
            {
                float angle = position * frequencies[i];
                var (sin, cos) = PortableMath.SinCos(angle);
                _cos.Data[(long)position * _half + i] = (float)cos;
                _sin.Data[(long)position * _half + i] = (float)sin;
            }
    }

    public int Positions { get; }

    public float* Cos(int position) => _cos.Data + (long)position * _half;

    public float* Sin(int position) => _sin.Data + (long)position * _half;

    /// <summary>Radians per position of each pair: θ^(−2i/D), scaled as the spec says.</summary>
    internal static float[] Frequencies(RopeSpec rope, int headSize)
    {
        float[] frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            float plain = (float)(1 / PortableMath.Pow(rope.Theta, 2.0 * i / headSize));
            frequencies[i] = rope.Scaling switch
            {
                RopeScaling.None => plain,
                RopeScaling.Linear => (float)(plain / rope.Factor),
                RopeScaling.Llama3 => Llama3(plain, rope),
                _ => throw new EvoluteInputException($"The CPU engine does not know the rope scaling {rope.Scaling}."),
            };
        }
        return frequencies;
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

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
