namespace Evolute.Models;

/// <summary>How rotary frequencies are scaled for long contexts.</summary>
public enum RopeScaling
{
    /// <summary>θ^(−2i/D) as they are.</summary>
    None,

    /// <summary>All frequencies divided by <see cref="RopeSpec.Factor"/>.</summary>
    Linear,

    /// <summary>θ grows with a sequence that is longer than the model was trained for.</summary>
    Dynamic,

    /// <summary>Llama 3: low frequencies divided, high ones kept, a smooth blend between.</summary>
    Llama3,

    /// <summary>YaRN: low frequencies divided, high ones kept, a ramp over the pairs between.</summary>
    Yarn,

    /// <summary>A divisor for every pair: one list for short sequences, one for long.</summary>
    LongRope,
}

/// <summary>Rotary position embedding: base, scaling and its parameters.</summary>
public sealed record RopeSpec
{
    /// <summary>Of a model that has no layer which turns.</summary>
    internal static RopeSpec Unused { get; } = new() { Theta = 10_000 };

    /// <summary>The base θ, e.g. 10,000.</summary>
    public required double Theta { get; init; }

    /// <summary>The share of a head's dimensions that turn, from the first on.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The scaling rule.</summary>
    public RopeScaling Scaling { get; init; }

    /// <summary>The scaling factor.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths above original / this are divided by the factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths below original / this stay.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>The context length the model was first trained with.</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>YaRN: pairs that turn more often than this over the original context stay.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: pairs that turn less often than this over the original context are divided by the factor.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN: whether the ramp begins and ends at whole pairs.</summary>
    public bool WholePairs { get; init; } = true;

    /// <summary>LongRoPE: divisors of the frequencies up to the original context.</summary>
    public IReadOnlyList<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: divisors of the frequencies beyond it.</summary>
    public IReadOnlyList<double> LongFactors { get; init; } = [];

    /// <summary>What cosines and sines are multiplied by.</summary>
    public double Magnitude { get; init; } = 1;

    /// <summary>Whether the frequencies of a whole sequence change as it grows.</summary>
    public bool DependsOnLength => Scaling is RopeScaling.Dynamic or RopeScaling.LongRope;

    /// <summary>The length that stands for all lengths whose frequencies are those of a sequence of <paramref name="length"/> tokens.</summary>
    public int ContextOf(int length) => Scaling switch
    {
        RopeScaling.Dynamic => Math.Max(length, OriginalMaxPositions),
        RopeScaling.LongRope => length > OriginalMaxPositions ? OriginalMaxPositions + 1 : OriginalMaxPositions,
        _ => 0,
    };

    /// <summary>Dimensions of a head that turn.</summary>
    public int TurningSize(int headSize) => (int)(headSize * Share);
}
