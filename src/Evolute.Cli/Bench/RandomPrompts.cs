using Evolute.Noise;

namespace Evolute.Cli.Bench;

/// <summary>Prompts of random tokens, all of one length and no two alike.</summary>
internal static class RandomPrompts
{
    /// <summary>So many prompts; a pure function of the seed.</summary>
    public static int[][] Of(int count, int tokens, int vocabulary, ulong seed)
    {
        NoiseKey key = NoiseKey.Of(seed, 0, 0, NoiseDomain.TaskGeneration);
        return [.. Enumerable.Range(0, count).Select(prompt => (int[])[.. Enumerable.Range(0, tokens).Select(i => (int)(key.Words((ulong)i, (ulong)prompt).W0 % (uint)vocabulary))])];
    }
}
