using Evolute.Engines;

namespace Evolute.Generation;

/// <summary>How well a model foresees a text: e to the mean negative log-likelihood of a token.</summary>
/// <param name="Value">The perplexity.</param>
/// <param name="Tokens">Tokens that were foreseen: all but the first.</param>
/// <param name="Window">Tokens of a window.</param>
/// <param name="Stride">Tokens from one window's beginning to the next one's.</param>
public sealed record TextPerplexity(double Value, int Tokens, int Window, int Stride)
{
    /// <summary>The longest window; a model with fewer positions has its own.</summary>
    public const int LongestWindow = 512;

    /// <summary>
    /// Measures with windows of min(512, the model's positions) tokens that overlap by half: each window scores the tokens that no earlier one has, so that all but the first window's have at least half a window before them.
    /// </summary>
    /// <param name="engine">A decoder's engine; seat 0 gets the masters.</param>
    /// <param name="ids">The text's tokens, at least two.</param>
    /// <param name="batchSize">Windows side by side: memory and speed only.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteInputException">The text has fewer than two tokens, or the model has an encoder.</exception>
    public static TextPerplexity Of(IEngine engine, int[] ids, int batchSize = 8, CancellationToken stop = default)
    {
        if (engine.Spec.EncoderDecoder is not null) throw new EvoluteInputException($"Perplexity is of a text that a model goes on with, and a {engine.Spec.Family} model has an encoder; leave out --perplexity-text.");
        if (ids.Length < 2) throw new EvoluteInputException($"The text has {ids.Length} tokens, and perplexity needs two; give a longer one.");
        int window = Math.Min(LongestWindow, engine.Spec.MaxPositions), stride = Math.Max(1, window / 2);
        int[] starts = [.. Starts(ids.Length, window, stride)];
        engine.Prepare(0, null, 0);
        IReadOnlyList<SequenceScore> scores = new SequenceScorer(engine, batchSize).Score(0, [.. starts.Select(s => ids[s..Math.Min(s + window, ids.Length)])], stop);
        double sum = 0;
        int scored = 1;
        for (int w = 0; w < starts.Length; w++)
        {
            float[] logs = scores[w].LogProbabilities;
            for (; scored <= starts[w] + logs.Length; scored++) sum -= logs[scored - starts[w] - 1];
        }
        return new(Numerics.PortableMath.Exp(sum / (ids.Length - 1)), ids.Length - 1, window, stride);
    }

    private static IEnumerable<int> Starts(int length, int window, int stride)
    {
        for (int start = 0; ; start += stride)
        {
            yield return start;
            if (start + window >= length) yield break;
        }
    }
}
