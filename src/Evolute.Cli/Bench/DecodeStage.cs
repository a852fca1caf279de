using Evolute.Engines;

namespace Evolute.Cli.Bench;

/// <summary>
/// Steps of exactly one new token for each sequence of a batch, dealt out to the engine's seats, whose weights are prepared, after so many tokens of context. What keys and values
/// the context has does not matter to the time, so none are computed.
/// </summary>
internal sealed class DecodeStage : TimedStage
{
    private readonly CountedEngine _engine;
    private readonly int _batch, _context, _steps;
    private readonly StepBatch[] _rows;
    private readonly CancellationToken _stop;

    public DecodeStage(CountedEngine engine, int batch, int context, int steps, CancellationToken stop)
    {
        (_engine, _batch, _context, _steps, _stop) = (engine, batch, context, steps, stop);
        _rows = [.. Enumerable.Range(0, engine.Seats).Select(seat => new StepBatch((batch + engine.Seats - 1 - seat) / engine.Seats))];
    }

    /// <inheritdoc/>
    public override string Name => "decode";

    /// <inheritdoc/>
    public override int Batch => _batch;

    /// <inheritdoc/>
    public override string Title => $"decode, batch {_batch}";

    /// <inheritdoc/>
    public override long Warm()
    {
        _engine.Reserve(_rows[0].Capacity, _context + _steps, _rows[0].Capacity);
        Run(steps: 1);
        return _engine.Take().LargestStep * _rows.Count(r => r.Capacity > 0);
    }

    /// <inheritdoc/>
    public override StageSample Once() => new(StageTiming.Seconds(() => Run(_steps)), _engine.Take(), (long)_batch * _steps);

    private void Run(int steps) => _engine.RunSeats(seat =>
    {
        StepBatch batch = _rows[seat];
        if (batch.Capacity == 0) return;
        for (int step = 0; step < steps; step++)
        {
            _stop.ThrowIfCancellationRequested();
            batch.Clear();
            // The last step's choices are this one's inputs; in the first step they are those of the turn before, or 0.
            for (int slot = 0; slot < batch.Capacity; slot++) batch.Add(batch.Results[slot], slot, _context + step, RowOutput.Token);
            _engine.Step(seat, batch);
        }
    });
}
