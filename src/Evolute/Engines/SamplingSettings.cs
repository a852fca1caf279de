namespace Evolute.Engines;

/// <summary>How the next token is chosen from the logits, as Hugging Face's generation does: temperature, then top-k, then top-p.</summary>
/// <param name="Temperature">0 takes the likeliest token; otherwise logits are divided by it.</param>
/// <param name="TopK">Only the k likeliest tokens; 0 for all.</param>
/// <param name="TopP">Only the likeliest tokens that together reach this probability; 1 for all.</param>
public sealed record SamplingSettings(float Temperature = 0, int TopK = 0, float TopP = 1)
{
    /// <summary>Always the likeliest token; of equals, the first.</summary>
    public static SamplingSettings Greedy { get; } = new();

    /// <summary>Whether draws are needed.</summary>
    public bool IsGreedy => Temperature == 0;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EvoluteInputException">A value is out of range.</exception>
    public void Validate()
    {
        if (!(Temperature >= 0) || float.IsInfinity(Temperature)) throw new EvoluteInputException($"The temperature must be 0 (greedy) or positive, not {Temperature}.");
        if (TopK < 0) throw new EvoluteInputException($"top-k must be 0 (all tokens) or positive, not {TopK}.");
        if (!(TopP > 0 && TopP <= 1)) throw new EvoluteInputException($"top-p must be above 0 and at most 1, not {TopP}.");
    }
}
