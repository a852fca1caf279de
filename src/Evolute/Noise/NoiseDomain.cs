namespace Evolute.Noise;

/// <summary>What a key's random bits are for; part of every key, so that no two uses share bits.</summary>
public enum NoiseDomain : uint
{
    /// <summary>Perturbations of weights.</summary>
    Perturbation = 0,

    /// <summary>Draws of tokens.</summary>
    TokenSampling = 1,

    /// <summary>The order of prompts.</summary>
    PromptOrder = 2,

    /// <summary>Making problems.</summary>
    TaskGeneration = 3,

    /// <summary>Probing σ and the learning rate.</summary>
    Calibration = 4,

    /// <summary>Dealing weights out to the parts of a subspace.</summary>
    Partition = 5,
}
