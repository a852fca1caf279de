namespace Evolute.Tasks.Mathematics;

/// <summary>What a <see cref="MathNode"/> is.</summary>
internal enum MathKind
{
    Number, Symbol, Sum, Product, Quotient, Power, Function, PlusMinus, Percent,

    /// <summary>Items without brackets, in any order.</summary>
    List,

    /// <summary>Items in braces, in any order.</summary>
    Set,

    /// <summary>Items between brackets, in order; the name is the pair of brackets: a tuple, an interval or, with <c>:</c>, a ratio.</summary>
    Brackets,

    /// <summary>Rows of cells; the name is how many columns there are.</summary>
    Matrix,

    /// <summary>Several sides with signs of relation between them; the name holds the signs, one a character.</summary>
    Relation, Union,
}

/// <summary>A part of a parsed answer. Sums, products and lists are flat, so a tree is only as deep as its text is nested.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A symbol's, function's or pair of brackets' name.</param>
/// <param name="Parts">What it is made of.</param>
/// <param name="Value">A number's value.</param>
/// <param name="Decimals">Digits after a number's point; −1 where it has none.</param>
internal sealed record MathNode(MathKind Kind, string Name, MathNode[] Parts, Rational Value = default, int Decimals = -1)
{
    public static MathNode Number(Rational value, int decimals = -1) => new(MathKind.Number, "", [], value, decimals);

    public static MathNode Symbol(string name) => new(MathKind.Symbol, name, []);

    public static MathNode Of(MathKind kind, params MathNode[] parts) => new(kind, "", parts);

    public static MathNode Function(string name, params MathNode[] parts) => new(MathKind.Function, name, parts);

    public static MathNode Negate(MathNode node) => node.Kind == MathKind.Percent ? Of(MathKind.Percent, Negate(node.Parts[0])) : node.Kind == MathKind.Number && Rational.Multiply(node.Value, Rational.Of(-1)) is { } value
        ? node with { Value = value }
        : Of(MathKind.Product, Number(Rational.Of(-1)), node);

    /// <summary>Whether it is or has in it a part of a kind.</summary>
    public bool Has(MathKind kind) => Kind == kind || Parts.Any(p => p.Has(kind));
}
