using Evolute.Engines;

namespace Evolute.Generation;

/// <summary>What a model thinks of one sequence.</summary>
/// <param name="LogProbabilities">Of every token but the first, given those before it: element i is that of token i + 1.</param>
/// <param name="LastLogits">The logits [V] after the last token.</param>
public sealed record SequenceScore(float[] LogProbabilities, float[] LastLogits);

/// <summary>Gives the log-probabilities of sequences under the weights that a seat of an engine holds.</summary>
public sealed class SequenceScorer
{
    /// <summary>Most rows of one step.</summary>
    private const int StepRows = 256;

    private readonly IEngine _engine;
    private readonly int _batchSize;

    /// <summary>A scorer.</summary>
    /// <param name="engine">The engine; it stays the caller's.</param>
    /// <param name="batchSize">Sequences side by side: a matter of memory and speed.</param>
    public SequenceScorer(IEngine engine, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_engine, _batchSize) = (engine, batchSize);
    }

    /// <inheritdoc cref="Score(int, IReadOnlyList{int[]}, IReadOnlyList{int[]}, CancellationToken)"/>
    public IReadOnlyList<SequenceScore> Score(int seat, IReadOnlyList<int[]> sequences, CancellationToken stop = default) => Score(seat, sequences, null, stop);

    /// <summary>Scores sequences on a seat, whose working weights are prepared.</summary>
    /// <param name="seat">The engine's seat.</param>
    /// <param name="sequences">Token ids; of a model with an encoder the decoder's, which begin with its start token.</param>
    /// <param name="inputs">What the encoder reads for each sequence, or null for a model without one.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EvoluteInputException">A sequence is empty, too long for the model, or holds an id outside its vocabulary.</exception>
    /// <exception cref="EvoluteFaultException">A logit is not a finite number.</exception>
    public IReadOnlyList<SequenceScore> Score(int seat, IReadOnlyList<int[]> sequences, IReadOnlyList<int[]>? inputs, CancellationToken stop = default)
    {
        if ((inputs is null) != (_engine.Spec.EncoderDecoder is null) || (inputs is not null && inputs.Count != sequences.Count))
            throw new ArgumentException("Each sequence of a model with an encoder has an input, and of no other.", nameof(inputs));
        foreach (int[] ids in sequences.Concat(inputs ?? [])) TokenWindow.Check(_engine.Spec, ids, newTokens: 0);
        if (sequences.Count == 0) return [];
        int batchSize = Math.Min(_batchSize, sequences.Count);
        _engine.Reserve(batchSize, sequences.Max(s => s.Length), Math.Min(StepRows, sequences.Sum(s => s.Length)), inputs?.Max(i => i.Length) ?? 0);
        List<SequenceScore> scores = new(sequences.Count);
        for (int first = 0; first < sequences.Count; first += batchSize)
            scores.AddRange(ScoreTogether(seat, [.. sequences.Skip(first).Take(batchSize)], inputs?.Skip(first).Take(batchSize).ToArray(), stop));
        return scores;
    }

    private SequenceScore[] ScoreTogether(int seat, int[][] sequences, int[][]? inputs, CancellationToken stop)
    {
        SequenceScore[] scores = [.. sequences.Select(ids => new SequenceScore(new float[ids.Length - 1], new float[_engine.Spec.VocabularySize]))];
        StepBatch batch = new(Math.Min(StepRows, sequences.Sum(s => s.Length)));
        for (int slot = 0; slot < sequences.Length; slot++)
        {
            int[] ids = sequences[slot];
            if (inputs is not null) batch.Inputs.Add(new(slot, inputs[slot]));
            for (int position = 0; position < ids.Length; position++)
            {
                bool last = position == ids.Length - 1;
                batch.Add(ids[position], slot, position, last ? RowOutput.Logits : RowOutput.LogProbability, last ? 0 : ids[position + 1], length: ids.Length);
                if (batch.Count == batch.Capacity || (last && slot == sequences.Length - 1)) Step(seat, batch, scores, stop);
            }
        }
        return scores;
    }

    private void Step(int seat, StepBatch batch, SequenceScore[] scores, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _engine.Step(seat, batch);
        int logits = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            SequenceScore score = scores[batch.Slots[row]];
            if (batch.Outputs[row] == RowOutput.Logits) batch.Logits[logits++].CopyTo(score.LastLogits, 0);
            else score.LogProbabilities[batch.Positions[row]] = batch.LogProbabilities[row];
            if (!(batch.Outputs[row] == RowOutput.Logits ? score.LastLogits.All(float.IsFinite) : float.IsFinite(batch.LogProbabilities[row])))
                throw new EvoluteFaultException($"The model's output after token {batch.Positions[row]} is not a finite number; its weights are damaged or too large.");
        }
        batch.Clear();
    }
}
