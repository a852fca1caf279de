namespace Evolute.Generation;

/// <summary>What a model made of one prompt.</summary>
/// <param name="OutputIds">The new tokens; an end token that closed the sequence is the last of them.</param>
/// <param name="Text">Their text without special tokens, up to and with the stop string; empty where there is no tokenizer.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Completion(int[] OutputIds, string Text, FinishReason Finish);
