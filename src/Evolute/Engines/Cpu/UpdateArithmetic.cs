using Evolute.Numerics;

namespace Evolute.Engines.Cpu;

/// <summary>One update's arithmetic on some elements: scalars computed in float64 and rounded once, then float32 throughout.</summary>
internal sealed unsafe class UpdateArithmetic
{
    private readonly UpdateRule _rule;
    private readonly float _rate, _ratePerMember, _perMember, _keep, _anchor;
    private readonly float _beta1, _rest1, _beta2, _rest2, _correctedRate, _correction2, _epsilon;

    /// <summary>The arithmetic of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="power1">β₁ to the power of the step's number, from 1.</param>
    /// <param name="power2">β₂ to that power.</param>
    public UpdateArithmetic(WeightStep step, double power1, double power2)
    {
        _rule = step.Rule;
        double rate = step.LearningRate;
        int members = step.Members.Count;
        (_rate, _ratePerMember, _perMember) = ((float)rate, (float)(rate / members), (float)(1.0 / members));
        _keep = (float)(1 - rate * _rule.WeightDecay);
        _anchor = (float)(_rule.Anchor == Anchor.L2 ? 1 - rate * _rule.AnchorStrength : rate * _rule.AnchorStrength);
        double beta1 = _rule.Optimizer == Optimizer.Adam ? _rule.Beta1 : _rule.Momentum;
        (_beta1, _rest1, _beta2, _rest2) = ((float)beta1, (float)(1 - beta1), (float)_rule.Beta2, (float)(1 - _rule.Beta2));
        (_correctedRate, _correction2, _epsilon) = ((float)(rate / (1 - power1)), (float)(1 / (1 - power2)), (float)_rule.Epsilon);
    }

    /// <summary>Moves <paramref name="count"/> elements.</summary>
    /// <param name="sum">Σ zₙ εₙ.</param>
    /// <param name="weights">The masters.</param>
    /// <param name="first">Momentum's or Adam's first moments; unused without.</param>
    /// <param name="second">Adam's second moments; unused without.</param>
    /// <param name="origin">The base; unused without an anchor.</param>
    /// <param name="count">How many.</param>
    public void Move(float* sum, float* weights, float* first, float* second, float* origin, int count)
    {
        if (_rule.WeightDecay != 0) for (int i = 0; i < count; i++) weights[i] *= _keep;
        switch (_rule.Optimizer)
        {
            case Optimizer.Sgd:
                for (int i = 0; i < count; i++) weights[i] = FusedMultiplyAdd.Of(_ratePerMember, sum[i], weights[i]);
                break;
            case Optimizer.Momentum:
                for (int i = 0; i < count; i++)
                {
                    first[i] = FusedMultiplyAdd.Of(_perMember, sum[i], _beta1 * first[i]);
                    weights[i] = FusedMultiplyAdd.Of(_rate, first[i], weights[i]);
                }
                break;
            case Optimizer.Adam:
                for (int i = 0; i < count; i++)
                {
                    float g = _perMember * sum[i];
                    first[i] = FusedMultiplyAdd.Of(_rest1, g, _beta1 * first[i]);
                    second[i] = FusedMultiplyAdd.Of(_rest2 * g, g, _beta2 * second[i]);
                    weights[i] = FusedMultiplyAdd.Of(_correctedRate, first[i] / (MathF.Sqrt(_correction2 * second[i]) + _epsilon), weights[i]);
                }
                break;
        }
        switch (_rule.Anchor)
        {
            case Anchor.L2:
                for (int i = 0; i < count; i++) weights[i] = FusedMultiplyAdd.Of(_anchor, weights[i] - origin[i], origin[i]);
                break;
            case Anchor.L1:
                for (int i = 0; i < count; i++)
                {
                    float distance = weights[i] - origin[i];
                    weights[i] = origin[i] + MathF.CopySign(MathF.Max(MathF.Abs(distance) - _anchor, 0), distance);
                }
                break;
        }
    }
}
