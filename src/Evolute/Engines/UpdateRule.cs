using System.Text.Json.Serialization;

namespace Evolute.Engines;

/// <summary>How the masters follow the estimates ĝ = (1/N)·Σ zₙ εₙ.</summary>
public enum Optimizer
{
    /// <summary>θ ← θ + α ĝ, as in arXiv 2509.24372.</summary>
    Sgd,

    /// <summary>m ← β m + ĝ, θ ← θ + α m.</summary>
    Momentum,

    /// <summary>Adam (arXiv 1412.6980) with bias correction.</summary>
    Adam,
}

/// <summary>What draws the masters to the base weights after an update, a proximal step (arXiv 2605.30148).</summary>
public enum Anchor
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The distance shrinks by a factor: θ ← θ₀ + (1 − αλ)(θ − θ₀).</summary>
    L2,

    /// <summary>The distance shrinks by αλ, at most to 0: weights that gain little stay exactly the base's.</summary>
    L1,
}

/// <summary>
/// How an update moves the masters. Everything is float32 element by element; scalars are computed in float64 and rounded once. The order is: decay
/// θ ← (1 − αλ)·θ, the optimizer's step, the anchor.
/// </summary>
public sealed record UpdateRule
{
    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; init; }

    /// <summary>β of <see cref="Optimizer.Momentum"/>.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What Adam adds to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ of the decoupled decay (arXiv 1711.05101); 0 for none.</summary>
    public double WeightDecay { get; init; }

    /// <summary>What draws to the base.</summary>
    public Anchor Anchor { get; init; }

    /// <summary>The anchor's λ.</summary>
    public double AnchorStrength { get; init; }

    /// <summary>Whether an update depends on more than the masters: on moments of earlier ones, or on the base.</summary>
    [JsonIgnore]
    public bool HasState => Optimizer != Optimizer.Sgd || Anchor != Anchor.None;

    /// <summary>Checks the ranges.</summary>
    /// <param name="learningRate">The largest α of the updates.</param>
    /// <exception cref="EvoluteInputException">A value is out of range; the sentence names the flag.</exception>
    public void Validate(double learningRate)
    {
        Require(Momentum is >= 0 and < 1, "--momentum must be at least 0 and below 1");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, "--adam-betas must be at least 0 and below 1");
        Require((float)Epsilon > 0 && Epsilon <= 1, "--adam-epsilon must be above 0 and at most 1");
        Require(WeightDecay >= 0 && learningRate * WeightDecay <= 1, "--weight-decay must be at least 0, and times --learning-rate at most 1");
        Require(Anchor == Anchor.None || AnchorStrength > 0, "--anchor needs an --anchor-strength above 0");
        Require(Anchor != Anchor.None || AnchorStrength == 0, "--anchor-strength needs --anchor l2 or l1");
        Require(AnchorStrength >= 0 && double.IsFinite(AnchorStrength) && (Anchor != Anchor.L2 || learningRate * AnchorStrength <= 1), "--anchor-strength must be finite, and with l2 times --learning-rate at most 1");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new EvoluteInputException($"{rule}.");
    }
}
