namespace Evolute.Models;

/// <summary>The function that gates a feed-forward layer.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x · Φ(x) with tanh for the normal distribution's Φ.</summary>
    GeluTanh,

    /// <summary>x · Φ(x) by the error function.</summary>
    Gelu,
}
