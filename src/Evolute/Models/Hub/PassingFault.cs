namespace Evolute.Models.Hub;

/// <summary>A fault of the network or of a busy server: another attempt may succeed.</summary>
internal sealed class PassingFault : EvoluteFaultException
{
    public PassingFault(string message) : base(message) { }

    public PassingFault(string message, Exception inner) : base(message, inner) { }

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether there was no answer at all: no network, or nobody at that address.</summary>
    public bool Unreachable { get; init; }
}
