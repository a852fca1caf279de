namespace Evolute.Models;

/// <summary>How rotary frequencies are scaled for long contexts.</summary>
public enum RopeScaling
{
    /// <summary>θ^(−2i/D) as they are.</summary>
    None,

    /// <summary>All frequencies divided by <see cref="RopeSpec.Factor"/>.</summary>
    Linear,

    /// <summary>Llama 3: low frequencies divided, high ones kept, a smooth blend between.</summary>
    Llama3,
}

/// <summary>Rotary position embedding: base, scaling and its parameters.</summary>
public sealed record RopeSpec
{
    /// <summary>The base θ, e.g. 10,000.</summary>
    public required double Theta { get; init; }

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
}
