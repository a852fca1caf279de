namespace Evolute.Models;

/// <summary>The function of a feed-forward layer.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x · Φ(x) with tanh for the normal distribution's Φ.</summary>
    GeluTanh,

    /// <summary>x · Φ(x) by the error function.</summary>
    Gelu,

    /// <summary>x where it is positive, else 0.</summary>
    Relu,
}
