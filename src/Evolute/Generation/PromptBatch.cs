using Evolute.Engines;
using Evolute.Noise;

namespace Evolute.Generation;

/// <summary>Continues any number of prompts with the engine's weights as they are, on all its seats.</summary>
public static class PromptBatch
{
    /// <summary>Continues the prompts.</summary>
    /// <param name="engine">The engine; every seat's working weights become the masters.</param>
    /// <param name="generator">Of that engine.</param>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="settings">How to go on and when to end.</param>
    /// <param name="draws">Key of the random numbers; matters for sampling only.</param>
    /// <param name="completed">Told of every completion, by the prompt's index, from any thread.</param>
    /// <param name="streamed">Told of new text, by the prompt's index, from any thread.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The completions in the order of the prompts.</returns>
    /// <exception cref="EvoluteInputException">A prompt or a setting does not suit the model.</exception>
    public static Completion[] Run(
        IEngine engine, Generator generator, IReadOnlyList<int[]> prompts, GenerationSettings settings, NoiseKey draws,
        Action<int, Completion>? completed = null, Action<int, string>? streamed = null, CancellationToken stop = default)
    {
        settings.Validate();
        foreach (int[] ids in prompts) TokenWindow.Check(engine.Spec, ids, settings.MaxNewTokens);
        if (prompts.Count == 0) return [];
        generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
        var results = new Completion[prompts.Count];
        int part = Math.Max(1, Math.Min(4 * generator.SlotsPerSeat, (prompts.Count + engine.Seats - 1) / engine.Seats)), next = -part;
        engine.RunSeats(seat =>
        {
            engine.Prepare(seat, null, 0);
            for (int first; (first = Interlocked.Add(ref next, part)) < prompts.Count;)
            {
                int start = first;
                int[][] share = [.. prompts.Skip(start).Take(part)];
                generator.Run(
                    seat, share, settings, new TokenDraws(draws, start),
                    (i, completion) =>
                    {
                        results[start + i] = completion;
                        completed?.Invoke(start + i, completion);
                    },
                    streamed is null ? null : (i, text) => streamed(start + i, text),
                    stop);
            }
        });
        return results;
    }
}
