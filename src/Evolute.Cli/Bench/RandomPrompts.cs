using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>Prompts of random tokens, all of one length; each begins with another token, as far as the vocabulary goes, so that none can be taken over from another.</summary>
internal static class RandomPrompts
{
    /// <summary>So many prompts; a pure function of the seed.</summary>
    public static int[][] Of(int count, int tokens, int vocabulary, ulong seed)
    {
        NoiseKey key = NoiseKey.Of(seed, 0, 0, NoiseDomain.TaskGeneration);
        var prompts = new int[count][];
        for (int n = 0; n < count; n++)
        {
            prompts[n] = new int[tokens];
            for (int i = 0; i < tokens; i++) prompts[n][i] = i == 0 ? n % vocabulary : (int)(key.Words((ulong)i, (ulong)n).W0 % (uint)vocabulary);
        }
        return prompts;
    }
}
