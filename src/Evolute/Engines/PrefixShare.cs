namespace Evolute.Engines;

/// <summary>Two sequences that begin with the same tokens: what one slot holds of some positions is the other's as well.</summary>
/// <param name="From">The slot that holds them, by the step's own rows at the latest.</param>
/// <param name="To">The slot that is to hold them; it holds those before <paramref name="First"/> already.</param>
/// <param name="First">The first position.</param>
/// <param name="End">The position after the last.</param>
public readonly record struct PrefixShare(int From, int To, int First, int End);
