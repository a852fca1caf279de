using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>From the residual of the rows that want an output to logits, tokens and log-probabilities.</summary>
internal sealed unsafe class OutputPart : IDisposable
{
    public const int MaxLogitRows = 64;

    private readonly ModelSpec _spec;
    private readonly StepRows _step;
    private readonly WorkingVector _norm;
    private readonly PackedMatrix _head;
    private readonly RowBuffer _logits;
    private readonly TokenChoice[] _choices;
    private readonly GreedyChoice _greedy;
    private readonly Action<int> _normOutputs, _capRows, _chooseRows;
    private readonly int[] _members;
    private readonly int _logitRows;
    private int _firstOutput, _outputs;

    /// <summary>The part.</summary>
    /// <param name="step">The rows.</param>
    /// <param name="norm">The norm before the logits.</param>
    /// <param name="head">What gives the logits.</param>
    /// <param name="rows">Most rows that want an output.</param>
    public OutputPart(StepRows step, WorkingVector norm, PackedMatrix head, int rows)
    {
        (_spec, _step, _norm, _head) = (step.Spec, step, norm, head);
        _logitRows = Math.Min(rows, MaxLogitRows);
        _members = new int[_logitRows];
        _logits = new RowBuffer(_logitRows, _spec.VocabularySize);
        _choices = [.. Enumerable.Range(0, step.Team.Size).Select(_ => new TokenChoice(step.Kernels, _spec.VocabularySize))];
        _greedy = new GreedyChoice(step, head, _logitRows);
        (_normOutputs, _capRows, _chooseRows) = (NormOutputs, CapRows, ChooseRows);
    }

    public void Run()
    {
        for (_firstOutput = 0; _firstOutput < _step.Runs.OutputCount; _firstOutput += _logitRows)
        {
            _outputs = Math.Min(_logitRows, _step.Runs.OutputCount - _firstOutput);
            _step.Team.Run(_normOutputs);
            if (OnlyLikeliestTokens())
            {
                _greedy.Run(_outputs, _members);
                for (int i = 0; i < _outputs; i++) _step.Batch.Results[_step.Runs.OutputRow(_firstOutput + i)] = _greedy.Token(i);
                continue;
            }
            _step.Product.Run(_step.Normed, _head, _logits, _outputs, _members);
            if (_spec.LogitSoftCap != 0) _step.Team.Run(_capRows);
            KeepLogits();
            _step.Team.Run(_chooseRows);
        }
    }

    public void Dispose()
    {
        _logits.Dispose();
        foreach (TokenChoice choice in _choices) choice.Dispose();
        _greedy.Dispose();
    }

    /// <summary>Whether no row needs its logits: soft-capped ones may be equal where the logits were not, so they are made.</summary>
    private bool OnlyLikeliestTokens()
    {
        if (!_step.Batch.Sampling.IsGreedy || _spec.LogitSoftCap != 0) return false;
        for (int i = 0; i < _outputs; i++)
            if (_step.Batch.Outputs[_step.Runs.OutputRow(_firstOutput + i)] != RowOutput.Token) return false;
        return true;
    }

    private void NormOutputs(int member)
    {
        for (int i = _step.Team.Take(1); i < _outputs; i = _step.Team.Take(1))
        {
            int row = _step.Runs.OutputRow(_firstOutput + i);
            _members[i] = _step.Members[row];
            float* residual = _step.Residual.Row(row);
            _step.Kernels.RmsNorm(residual, _norm.Of(_members[i]), _spec.NormEpsilon, _step.Normed.Row(i), _spec.HiddenSize);
            if (_spec.OutputScale != 1) foreach (ref float value in new Span<float>(_step.Normed.Row(i), _spec.HiddenSize)) value *= _spec.OutputScale;
        }
    }

    private void CapRows(int member)
    {
        for (int i = _step.Team.Take(1); i < _outputs; i = _step.Team.Take(1)) _step.Kernels.SoftCap(_logits.Row(i), _spec.VocabularySize, _spec.LogitSoftCap);
    }

    private void KeepLogits()
    {
        for (int i = 0; i < _outputs; i++)
            if (_step.Batch.Outputs[_step.Runs.OutputRow(_firstOutput + i)] == RowOutput.Logits)
                _step.Batch.Logits.Add(new ReadOnlySpan<float>(_logits.Row(i), _spec.VocabularySize).ToArray());
    }

    private void ChooseRows(int member)
    {
        StepBatch batch = _step.Batch;
        for (int i = _step.Team.Take(1); i < _outputs; i = _step.Team.Take(1))
        {
            int row = _step.Runs.OutputRow(_firstOutput + i);
            if (batch.Outputs[row] == RowOutput.Token)
                batch.Results[row] = _choices[member].Choose(_logits.Row(i), batch.Sampling, batch.Draws[row]);
            else if (batch.Outputs[row] == RowOutput.LogProbability)
                batch.LogProbabilities[row] = _choices[member].LogProbability(_logits.Row(i), batch.Targets[row]);
        }
    }
}
