using Evolute.Engines.Cpu.Kernels;
using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>The feed-forward part of a layer: one for all tokens, or experts that a router chooses among.</summary>
internal sealed unsafe class FeedForwardPart : IDisposable
{
    private readonly StepRows _step;
    private readonly Activation _activation;
    private readonly NativeBuffer? _ones;
    private readonly RoutedExperts? _experts;
    private readonly RowBuffer _gateUp;
    private readonly Action<int> _activateRows;
    private WorkingFeedForward _weights;
    private int _rows;

    /// <summary>The part.</summary>
    /// <param name="step">The rows.</param>
    /// <param name="layers">All layers' weights; of a routed layer, one expert's.</param>
    public FeedForwardPart(StepRows step, IReadOnlyList<WorkingFeedForward> layers)
    {
        _step = step;
        _activation = step.Spec.Activation;
        _weights = layers[0];
        _gateUp = new RowBuffer(step.Capacity, layers.Max(l => l.GateUp.Columns));
        Activated = new RowBuffer(step.Capacity, layers.Max(l => l.Down.K));
        _ones = step.Spec.Gated ? null : Ones(Activated.Stride);
        _experts = step.Spec.Experts is { } experts ? new RoutedExperts(step, this, experts) : null;
        _activateRows = ActivateRows;
    }

    /// <summary>What <see cref="Gate"/> gives out.</summary>
    public RowBuffer Activated { get; }

    public void Run(WorkingLayer layer)
    {
        if (layer.Router is null)
        {
            Run(layer.FeedForwardNorm, layer.FeedForwards[0], layer.NormAfterFeedForward);
            return;
        }
        _step.Norm(layer.FeedForwardNorm);
        _experts!.Run(layer, layer.Router);
    }

    /// <summary>Adds a layer that is one for all tokens to the residual.</summary>
    public void Run(WorkingVector norm, WorkingFeedForward weights, WorkingVector? normAfter = null)
    {
        _step.Norm(norm);
        Gate(_step.Normed, weights, _step.Count, _step.Members);
        _step.AddProduct(Activated, weights.Down, weights.DownBias, normAfter);
    }

    /// <summary><see cref="Activated"/> = f(x·gateᵀ) · x·upᵀ, or f(x·gateᵀ) where there is no other matrix.</summary>
    public void Gate(RowBuffer x, WorkingFeedForward weights, int rows, int[] members)
    {
        (_weights, _rows) = (weights, rows);
        _step.Product.Run(x, weights.GateUp, _gateUp, rows, members, weights.GateUpBias);
        _step.Team.Run(_activateRows);
    }

    public void Dispose()
    {
        _gateUp.Dispose();
        Activated.Dispose();
        _ones?.Dispose();
        _experts?.Dispose();
    }

    private void ActivateRows(int member)
    {
        // A gate of ones changes no bit.
        float* ones = _ones is null ? null : _ones.Data;
        int up = ones is null ? _weights.GateUp.ColumnOf(1) : 0, width = Panel.Padded(_weights.Down.K);
        for (int first = _step.Team.Take(StepRows.Share); first < _rows; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, _rows); row++)
                _step.Kernels.Gate(_activation, _gateUp.Row(row), ones is null ? _gateUp.Row(row) + up : ones, Activated.Row(row), width);
    }

    private static NativeBuffer Ones(int length)
    {
        NativeBuffer ones = new(length);
        new Span<float>(ones.Data, length).Fill(1);
        return ones;
    }
}
