using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>The feed-forward part of a layer: one for all tokens, or experts that a router chooses among.</summary>
internal sealed unsafe class FeedForwardPart : IDisposable
{
    private readonly StepRows _step;
    private readonly Activation _activation;
    private readonly RoutedExperts? _experts;
    private readonly RowBuffer _gateUp;
    private readonly Action<int> _activateRows;
    private WorkingFeedForward _weights;
    private int _rows;

    public FeedForwardPart(StepRows step, WorkingWeights weights)
    {
        _step = step;
        _activation = step.Spec.Activation;
        _weights = weights.Layers[0].FeedForwards[0];
        _gateUp = new RowBuffer(step.Capacity, weights.Layers.Max(l => l.FeedForwards[0].GateUp.Columns));
        Activated = new RowBuffer(step.Capacity, weights.Layers.Max(l => l.FeedForwards[0].Down.K));
        _experts = step.Spec.Experts is { } experts ? new RoutedExperts(step, this, experts) : null;
        _activateRows = ActivateRows;
    }

    /// <summary>What <see cref="Gate"/> gives out.</summary>
    public RowBuffer Activated { get; }

    public void Run(WorkingLayer layer)
    {
        _step.Norm(layer.FeedForwardNorm);
        if (layer.Router is not null)
        {
            _experts!.Run(layer, layer.Router);
            return;
        }
        WorkingFeedForward weights = layer.FeedForwards[0];
        Gate(_step.Normed, weights, _step.Count);
        _step.AddProduct(Activated, weights.Down, weights.DownBias, layer.NormAfterFeedForward);
    }

    /// <summary><see cref="Activated"/> = f(x·gateᵀ) · x·upᵀ.</summary>
    public void Gate(RowBuffer x, WorkingFeedForward weights, int rows)
    {
        (_weights, _rows) = (weights, rows);
        _step.Product.Run(x, weights.GateUp, _gateUp, rows, weights.GateUpBias);
        _step.Team.Run(_activateRows);
    }

    public void Dispose()
    {
        _gateUp.Dispose();
        Activated.Dispose();
        _experts?.Dispose();
    }

    private void ActivateRows(int member)
    {
        int up = _weights.GateUp.ColumnOf(1), width = Panel.Padded(_weights.Down.K);
        for (int first = _step.Team.Take(StepRows.Share); first < _rows; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, _rows); row++)
                _step.Kernels.Gate(_activation, _gateUp.Row(row), _gateUp.Row(row) + up, Activated.Row(row), width);
    }
}
