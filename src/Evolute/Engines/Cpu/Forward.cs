using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The decoder's forward pass over one step's rows: it reads the spec, the working weights and the cache. Every part is one run of the team over
/// columns, rows or sequences; nothing is allocated once the buffers stand.
/// </summary>
internal sealed unsafe class Forward : IDisposable
{
    private const int MaxLogitRows = 64;

    private readonly ModelSpec _spec;
    private readonly WorkingWeights _weights;
    private readonly StepRows _step;
    private readonly AttentionPart _attention;
    private readonly FeedForwardPart _feedForward;
    private readonly SequenceReplay? _replay;
    private readonly RowBuffer _logits;
    private readonly TokenChoice[] _choices;
    private readonly Action<int> _embedRows, _normOutputs, _capRows, _chooseRows;
    private readonly Action<StepBatch> _runLayers;
    private readonly int _logitRows;
    private int _firstOutput, _outputs;

    public Forward(ModelSpec spec, CpuKernels kernels, ThreadTeam team, WorkingWeights weights, RopeTables tables, int slots, int positions, int rows)
    {
        (_spec, _weights) = (spec, weights);
        _step = new StepRows(spec, kernels, team, rows);
        _attention = new AttentionPart(_step, weights, tables, slots, positions);
        _feedForward = new FeedForwardPart(_step, weights);
        _replay = spec.Rope.DependsOnLength ? new SequenceReplay(spec.Rope, slots, _attention.Capacity, rows) : null;
        _logitRows = Math.Min(rows, MaxLogitRows);
        _logits = new RowBuffer(_logitRows, spec.VocabularySize);
        _choices = [.. Enumerable.Range(0, team.Size).Select(_ => new TokenChoice(kernels, spec.VocabularySize))];
        (_embedRows, _normOutputs, _capRows, _chooseRows, _runLayers) = (EmbedRows, NormOutputs, CapRows, ChooseRows, RunLayers);
    }

    public int Rows => _step.Capacity;

    /// <summary>The sum of all layers so far, of one of the step's rows.</summary>
    public ReadOnlySpan<float> Residual(int row) => new(_step.Residual.Row(row), _spec.HiddenSize);

    public void Step(StepBatch batch)
    {
        _replay?.Before(batch, _runLayers);
        RunLayers(batch);
        for (_firstOutput = 0; _firstOutput < _step.Runs.OutputCount; _firstOutput += _logitRows)
        {
            _outputs = Math.Min(_logitRows, _step.Runs.OutputCount - _firstOutput);
            _step.Team.Run(_normOutputs);
            _step.Product.Run(_step.Normed, _weights.Head, _logits, _outputs);
            if (_spec.LogitSoftCap != 0) _step.Team.Run(_capRows);
            KeepLogits();
            _step.Team.Run(_chooseRows);
        }
    }

    /// <summary>Takes a step's embeddings into the residual; <see cref="RunLayer"/> goes on from there.</summary>
    public void Begin(StepBatch batch)
    {
        _step.Begin(batch);
        _attention.Begin();
        _step.Team.Run(_embedRows);
    }

    /// <summary>Adds one layer to the residual.</summary>
    public void RunLayer(int layer)
    {
        _attention.Run(layer, _weights.Layers[layer]);
        _feedForward.Run(_weights.Layers[layer]);
    }

    public void Dispose()
    {
        _step.Dispose();
        _attention.Dispose();
        _feedForward.Dispose();
        _logits.Dispose();
        foreach (TokenChoice choice in _choices) choice.Dispose();
    }

    private void RunLayers(StepBatch batch)
    {
        Begin(batch);
        for (int layer = 0; layer < _spec.LayerCount; layer++) RunLayer(layer);
    }

    private void EmbedRows(int member)
    {
        StepBatch batch = _step.Batch;
        for (int first = _step.Team.Take(StepRows.Share); first < batch.Count; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, batch.Count); row++)
                _weights.Embed(batch.Tokens[row], _step.Residual.Row(row));
    }

    private void NormOutputs(int member)
    {
        for (int i = _step.Team.Take(1); i < _outputs; i = _step.Team.Take(1))
        {
            float* residual = _step.Residual.Row(_step.Runs.OutputRow(_firstOutput + i));
            _step.Kernels.RmsNorm(residual, _weights.FinalNorm.Data, _spec.NormEpsilon, _step.Normed.Row(i), _spec.HiddenSize);
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
