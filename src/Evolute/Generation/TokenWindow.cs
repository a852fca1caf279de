using Evolute.Models;

namespace Evolute.Generation;

/// <summary>Checks token ids against what a model can take.</summary>
public static class TokenWindow
{
    /// <summary>Checks one sequence.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="ids">The sequence.</param>
    /// <param name="newTokens">Tokens that are to follow it.</param>
    /// <exception cref="EvoluteInputException">It is empty, holds an id outside the vocabulary, or does not fit the model's window.</exception>
    public static void Check(ModelSpec spec, ReadOnlySpan<int> ids, int newTokens)
    {
        if (ids.IsEmpty) throw new EvoluteInputException("A prompt has no tokens; give at least one.");
        foreach (int id in ids)
            if ((uint)id >= (uint)spec.VocabularySize)
                throw new EvoluteInputException($"Token id {id} is outside the model's vocabulary, 0 to {spec.VocabularySize - 1}.");
        if (spec.EncoderDecoder is not null) CheckSides(spec, ids.Length, newTokens);
        else if (ids.Length + (long)newTokens > spec.MaxPositions)
            throw new EvoluteInputException(newTokens == 0
                ? $"A sequence of {ids.Length} tokens is longer than the model's window of {spec.MaxPositions}."
                : $"A prompt of {ids.Length} tokens and {newTokens} new ones are more than the model's window of {spec.MaxPositions}; lower --max-new-tokens or shorten the prompt.");
    }

    /// <summary>Checks that an input fits a model with an encoder, and an answer its decoder: each has a window of its own.</summary>
    /// <exception cref="EvoluteInputException">One does not.</exception>
    internal static void CheckSides(ModelSpec spec, int input, int newTokens)
    {
        if (input > spec.MaxPositions) throw new EvoluteInputException($"A sequence of {input} tokens is longer than the model's window of {spec.MaxPositions}.");
        if (newTokens > spec.MaxPositions)
            throw new EvoluteInputException($"{newTokens} new tokens are more than the model's window of {spec.MaxPositions}; lower --max-new-tokens.");
    }
}
