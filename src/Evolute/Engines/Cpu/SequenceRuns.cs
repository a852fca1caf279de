namespace Evolute.Engines.Cpu;

/// <summary>Rows of one sequence that stand together in a step.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="FirstRow">Its first row.</param>
/// <param name="Tokens">How many rows.</param>
/// <param name="FirstPosition">The position of its first row.</param>
/// <param name="Length">Tokens that the sequence is known to have.</param>
internal readonly record struct SequenceRun(int Slot, int FirstRow, int Tokens, int FirstPosition, int Length);

/// <summary>A step's rows grouped by sequence, and the rows that want an output.</summary>
internal sealed class SequenceRuns(int rows)
{
    private readonly SequenceRun[] _runs = new SequenceRun[rows];
    private readonly int[] _outputRows = new int[rows];

    public int Capacity => rows;

    public int Count { get; private set; }

    public int OutputCount { get; private set; }

    public ref readonly SequenceRun this[int i] => ref _runs[i];

    public int OutputRow(int i) => _outputRows[i];

    public void Find(StepBatch batch)
    {
        Count = OutputCount = 0;
        for (int row = 0; row < batch.Count;)
        {
            int end = row + 1, length = batch.Lengths[row];
            for (; end < batch.Count && batch.Slots[end] == batch.Slots[row] && batch.Positions[end] == batch.Positions[end - 1] + 1; end++)
                length = Math.Max(length, batch.Lengths[end]);
            _runs[Count++] = new(batch.Slots[row], row, end - row, batch.Positions[row], Math.Max(length, batch.Positions[end - 1] + 1));
            row = end;
        }
        for (int row = 0; row < batch.Count; row++)
            if (batch.Outputs[row] != RowOutput.None) _outputRows[OutputCount++] = row;
    }
}
