using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Keeps the tokens of sequences in flight, for models whose rotary frequencies depend on the length of the sequence: when a sequence grows into
/// other frequencies, all its tokens go through the layers again, so that every result is that of the whole sequence computed at once.
/// </summary>
internal sealed class SequenceReplay(RopeSpec rope, int slots, int positions, int rows)
{
    private readonly int[] _tokens = new int[(long)slots * positions];
    private readonly int[] _contexts = new int[slots];
    private readonly SequenceRuns _runs = new(rows);
    private readonly StepBatch _batch = new(rows);

    /// <summary>Comes before a step.</summary>
    /// <param name="step">The step to come.</param>
    /// <param name="forward">Takes rows through the layers, for the cache's sake.</param>
    public void Before(StepBatch step, Action<StepBatch> forward)
    {
        _runs.Find(step);
        for (int i = 0; i < _runs.Count; i++)
        {
            SequenceRun run = _runs[i];
            int context = rope.ContextOf(run.Length);
            if (run.FirstPosition > 0 && _contexts[run.Slot] != context) Replay(run, step.Members[run.FirstRow], forward);
            _contexts[run.Slot] = context;
            Array.Copy(step.Tokens, run.FirstRow, _tokens, (long)run.Slot * positions + run.FirstPosition, run.Tokens);
        }
    }

    private void Replay(SequenceRun run, int member, Action<StepBatch> forward)
    {
        for (int position = 0; position < run.FirstPosition;)
        {
            _batch.Clear();
            for (; position < run.FirstPosition && _batch.Count < _batch.Capacity; position++)
                _batch.Add(_tokens[(long)run.Slot * positions + position], run.Slot, position, length: run.Length, member: member);
            forward(_batch);
        }
    }
}
