namespace Evolute.Text;

/// <summary>The special tokens that a model wants before and after a text: the <c>post_processor</c> of tokenizer.json.</summary>
internal sealed record TokenFrame(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public static TokenFrame None { get; } = new([], []);

    /// <summary>This frame with <paramref name="outer"/> around it.</summary>
    public TokenFrame Inside(TokenFrame outer) => new([.. outer.Before, .. Before], [.. After, .. outer.After]);
}
