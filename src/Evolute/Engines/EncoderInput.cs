namespace Evolute.Engines;

/// <summary>What the encoder of a model that has one reads before a slot's first row.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Ids">The whole input.</param>
public readonly record struct EncoderInput(int Slot, int[] Ids);
