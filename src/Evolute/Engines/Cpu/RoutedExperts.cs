using Evolute.Models;

namespace Evolute.Engines.Cpu;

/// <summary>
/// Mixture of experts (Shazeer et al., 2017): the router's softmax chooses a few experts for each token, and their outputs are summed by their shares,
/// always in order of the experts' numbers. Tokens of one expert go through its products together; a token's bits do not depend on which.
/// </summary>
internal sealed unsafe class RoutedExperts : IDisposable
{
    private const float Taken = -1;

    private readonly StepRows _step;
    private readonly FeedForwardPart _feedForward;
    private readonly ExpertSpec _spec;
    private readonly RowBuffer _scores, _gathered, _mixed;
    private readonly int[] _chosen, _ends, _rowOf, _members;
    private readonly float[] _shares, _shareOf;
    private readonly Action<int> _routeRows;

    public RoutedExperts(StepRows step, FeedForwardPart feedForward, ExpertSpec spec)
    {
        (_step, _feedForward, _spec) = (step, feedForward, spec);
        int rows = step.Capacity, choices = checked(rows * spec.Active);
        _scores = new RowBuffer(rows, spec.Count);
        _gathered = new RowBuffer(rows, step.Spec.HiddenSize);
        _mixed = new RowBuffer(rows, step.Spec.HiddenSize);
        (_chosen, _shares) = (new int[choices], new float[choices]);
        (_rowOf, _shareOf) = (new int[choices], new float[choices]);
        _ends = new int[spec.Count];
        _members = new int[rows];
        _routeRows = RouteRows;
    }

    public void Run(WorkingLayer layer, PackedMatrix router)
    {
        _step.Product.Run(_step.Normed, router, _scores, _step.Count, _step.Members);
        _step.Team.Run(_routeRows);
        GroupByExpert();
        int hidden = _step.Spec.HiddenSize;
        for (int row = 0; row < _step.Count; row++) new Span<float>(_mixed.Row(row), hidden).Clear();
        for (int expert = 0, first = 0; expert < _spec.Count; first = _ends[expert++])
        {
            int rows = _ends[expert] - first;
            if (rows == 0) continue;
            for (int i = 0; i < rows; i++)
            {
                _members[i] = _step.Members[_rowOf[first + i]];
                new ReadOnlySpan<float>(_step.Normed.Row(_rowOf[first + i]), hidden).CopyTo(new Span<float>(_gathered.Row(i), hidden));
            }
            WorkingFeedForward weights = layer.FeedForwards[expert];
            _feedForward.Gate(_gathered, weights, rows, _members);
            _step.Product.Run(_feedForward.Activated, weights.Down, _step.Projected, rows, _members, weights.DownBias);
            for (int i = 0; i < rows; i++) _step.Kernels.AddScaled(_step.Projected.Row(i), _shareOf[first + i], _mixed.Row(_rowOf[first + i]), hidden);
        }
        _step.Add(_mixed, layer.NormAfterFeedForward);
    }

    public void Dispose()
    {
        _scores.Dispose();
        _gathered.Dispose();
        _mixed.Dispose();
    }

    private void RouteRows(int member)
    {
        for (int first = _step.Team.Take(StepRows.Share); first < _step.Count; first = _step.Team.Take(StepRows.Share))
            for (int row = first; row < Math.Min(first + StepRows.Share, _step.Count); row++)
                Route(_scores.Row(row), _chosen.AsSpan(row * _spec.Active, _spec.Active), _shares.AsSpan(row * _spec.Active, _spec.Active));
    }

    /// <summary>The likeliest experts of a row, the first of equals, put in order of their numbers, and their shares.</summary>
    private void Route(float* scores, Span<int> chosen, Span<float> shares)
    {
        float all = _step.Kernels.Softmax(scores, _spec.Count, 1), sum = 0;
        for (int n = 0; n < chosen.Length; n++)
        {
            int best = -1;
            for (int expert = 0; expert < _spec.Count; expert++)
                if (scores[expert] != Taken && (best < 0 || scores[expert] > scores[best])) best = expert;
            int at = n;
            for (; at > 0 && chosen[at - 1] > best; at--) (chosen[at], shares[at]) = (chosen[at - 1], shares[at - 1]);
            (chosen[at], shares[at]) = (best, scores[best] / all);
            scores[best] = Taken;
        }
        if (!_spec.SharesSumToOne) return;
        foreach (float share in shares) sum += share;
        foreach (ref float share in shares) share /= sum;
    }

    /// <summary>Lists rows and shares expert by expert, rows ascending.</summary>
    private void GroupByExpert()
    {
        Array.Clear(_ends);
        int choices = _step.Count * _spec.Active;
        for (int i = 0; i < choices; i++) _ends[_chosen[i]]++;
        for (int expert = 0, begin = 0; expert < _ends.Length; expert++) (_ends[expert], begin) = (begin, begin + _ends[expert]);
        for (int i = 0; i < choices; i++)
        {
            int at = _ends[_chosen[i]]++;
            (_rowOf[at], _shareOf[at]) = (i / _spec.Active, _shares[i]);
        }
    }
}
