using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// The decoder's forward pass over one step's rows: it reads the spec, the working weights and the cache. Every part is one run of the team over
/// columns, rows or sequences; nothing is allocated once the buffers stand.
/// </summary>
internal sealed unsafe class Forward : ForwardPass
{
    private readonly ModelSpec _spec;
    private readonly WorkingWeights _weights;
    private readonly StepRows _step;
    private readonly AttentionPart _attention;
    private readonly FeedForwardPart _feedForward;
    private readonly SequenceReplay? _replay;
    private readonly OutputPart _output;
    private readonly Action<StepBatch> _runLayers;

    public Forward(ModelSpec spec, CpuKernels kernels, ThreadTeam team, WorkingWeights weights, RopeTables tables, int slots, int positions, int rows)
    {
        (_spec, _weights) = (spec, weights);
        _step = new StepRows(spec, kernels, team, rows);
        _attention = new AttentionPart(_step, weights, tables, slots, positions);
        _feedForward = new FeedForwardPart(_step, [.. weights.Layers.Select(l => l.FeedForwards[0])]);
        _replay = spec.Rope.DependsOnLength ? new SequenceReplay(spec.Rope, slots, _attention.Capacity, rows) : null;
        _output = new OutputPart(_step, weights.FinalNorm, weights.Head, rows);
        _runLayers = RunLayers;
    }

    public override int Rows => _step.Capacity;

    /// <summary>The sum of all layers so far, of one of the step's rows.</summary>
    public ReadOnlySpan<float> Residual(int row) => new(_step.Residual.Row(row), _spec.HiddenSize);

    public override void Step(StepBatch batch)
    {
        _replay?.Before(batch, _runLayers);
        RunLayers(batch);
        _output.Run();
    }

    /// <summary>Takes a step's embeddings into the residual; <see cref="RunLayer"/> goes on from there.</summary>
    public void Begin(StepBatch batch)
    {
        _step.Begin(batch);
        _attention.Begin();
        _step.Embed(_weights);
    }

    /// <summary>Adds one layer to the residual.</summary>
    public void RunLayer(int layer)
    {
        _attention.Run(layer, _weights.Layers[layer]);
        _feedForward.Run(_weights.Layers[layer]);
    }

    public override void Dispose()
    {
        _step.Dispose();
        _attention.Dispose();
        _feedForward.Dispose();
        _output.Dispose();
    }

    private void RunLayers(StepBatch batch)
    {
        Begin(batch);
        for (int layer = 0; layer < _spec.LayerCount; layer++) RunLayer(layer);
    }
}
