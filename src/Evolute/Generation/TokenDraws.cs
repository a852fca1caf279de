using Evolute.Noise;

namespace Evolute.Generation;

/// <summary>
/// The uniform numbers that tokens are drawn with: a pure function of the key, the prompt's index and the token's index, so that a draw does not
/// depend on batch, order or thread.
/// </summary>
/// <param name="Key">Of the domain <see cref="NoiseDomain.TokenSampling"/>.</param>
/// <param name="FirstPrompt">The index of the first prompt, where prompts are dealt out in parts.</param>
public readonly record struct TokenDraws(NoiseKey Key, int FirstPrompt = 0)
{
    /// <summary>53 random bits as a number in [0, 1).</summary>
    public double At(int prompt, int token)
    {
        var (w0, w1, _, _) = Key.Words((ulong)token, (ulong)(FirstPrompt + prompt));
        return (((ulong)w1 << 32 | w0) >> 11) * (1.0 / (1L << 53));
    }
}
