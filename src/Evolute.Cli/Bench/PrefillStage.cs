using Evolute.Generation;

namespace Evolute.Cli.Bench;

/// <summary>Prompts through the generator up to their first new token, dealt out to the engine's seats, whose weights are prepared.</summary>
internal sealed class PrefillStage(CountedEngine engine, Generator generator, int[][] prompts, CancellationToken stop) : TimedStage
{
    private static readonly GenerationSettings Settings = new() { MaxNewTokens = 1, IgnoreEndTokens = true };

    private readonly int[][][] _shares = [.. Enumerable.Range(0, engine.Seats).Select(seat => prompts.Where((_, i) => i % engine.Seats == seat).ToArray())];

    /// <inheritdoc/>
    public override string Name => "prefill";

    /// <inheritdoc/>
    public override int Batch => prompts.Length;

    /// <inheritdoc/>
    public override string Title => $"prefill, {prompts.Length} prompts of {prompts[0].Length} tokens";

    /// <inheritdoc/>
    public override long Warm()
    {
        generator.Reserve(prompts[0].Length, Settings.MaxNewTokens);
        engine.RunSeats(seat => generator.Run(seat, [.. _shares[seat].Take(1)], Settings, default, stop: stop));
        return engine.Take().LargestStep * engine.Seats;
    }

    /// <inheritdoc/>
    public override StageSample Once()
    {
        double seconds = StageTiming.Seconds(() => engine.RunSeats(seat => generator.Run(seat, _shares[seat], Settings, default, stop: stop)));
        return new(seconds, engine.Take(), prompts.Sum(p => (long)p.Length));
    }
}
