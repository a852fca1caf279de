using Evolute.Engines;

namespace Evolute.Generation;

/// <summary>How sequences are continued and when they end.</summary>
public sealed record GenerationSettings
{
    /// <summary>The most new tokens of a sequence, at least 1.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>How the next token is chosen.</summary>
    public SamplingSettings Sampling { get; init; } = SamplingSettings.Greedy;

    /// <summary>Texts that end a sequence; they stay in it, and what the same token held after them does not.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Goes on past the model's end tokens.</summary>
    public bool IgnoreEndTokens { get; init; }

    /// <summary>
    /// Ends a sequence that repeats a cycle of up to 64 tokens so many times in a row, as if it had reached its limit of tokens; 0 lets it go on. What would have come is lost, so it is a setting that changes results.
    /// </summary>
    public int StopLoops { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EvoluteInputException">A value is out of range.</exception>
    public void Validate()
    {
        if (MaxNewTokens < 1) throw new EvoluteInputException($"--max-new-tokens must be at least 1, not {MaxNewTokens}.");
        if (StopLoops is < 0 or 1) throw new EvoluteInputException($"--stop-loops must be 0 (off) or at least 2, not {StopLoops}.");
        if (StopStrings.Any(string.IsNullOrEmpty)) throw new EvoluteInputException("A stop string must not be empty.");
        Sampling.Validate();
    }
}
