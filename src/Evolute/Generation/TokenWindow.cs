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
        if (ids.Length + (long)newTokens > spec.MaxPositions)
            throw new EvoluteInputException(newTokens == 0
                ? $"A sequence of {ids.Length} tokens is longer than the model's window of {spec.MaxPositions}."
                : $"A prompt of {ids.Length} tokens and {newTokens} new ones are more than the model's window of {spec.MaxPositions}; lower --max-new-tokens or shorten the prompt.");
    }
}
