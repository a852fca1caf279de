namespace Evolute.Tasks.Mathematics;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>One character of punctuation, an operator or a relation: <c>≤ ≥ ≠ ≈ ∈ ∪ ±</c> and the ASCII ones; <c>«</c> and <c>»</c> are the braces of a set.</summary>
    Sign,
    Number, Symbol, Function,

    /// <summary>Words: the content of <c>\text{…}</c> or a unit.</summary>
    Words,

    /// <summary>A structure of LaTeX: <c>frac</c>, <c>sqrt</c>, <c>binom</c>, <c>begin</c>, <c>end</c>, <c>row</c>.</summary>
    Structure,
    End,
}

/// <summary>A token of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Spaced">Whether a space stands before it.</param>
internal readonly record struct MathToken(TokenKind Kind, string Text, bool Spaced)
{
    public bool Is(char sign) => Kind == TokenKind.Sign && Text[0] == sign;
}
