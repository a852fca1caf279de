using System.Collections.Frozen;

namespace Evolute.Tasks.Mathematics;

/// <summary>The words and commands that answers are written with.</summary>
internal static class MathVocabulary
{
    /// <summary>Commands that are signs.</summary>
    public static readonly FrozenDictionary<string, string> Signs = ByName(
        "* cdot times ast", "/ div", "≤ le leq leqslant", "≥ ge geq geqslant", "< lt", "> gt", "≠ ne neq", "≈ approx sim", "= equiv", "∈ in", "∪ cup", "± pm mp", "« lbrace", "» rbrace",
        "( langle", ") rangle", "[ lbrack", "] rbrack", "| lvert rvert vert mid", ": colon", ", land lor to", "% percent");

    /// <summary>Characters beyond ASCII as commands.</summary>
    public static readonly FrozenDictionary<char, string> Characters = ByName(
        "times ×", "cdot · ⋅", "div ÷", "le ≤", "ge ≥", "ne ≠", "approx ≈", "in ∈", "cup ∪", "pm ±", "infty ∞", "pi π", "sqrt √", "circ °", "theta θ", "alpha α", "beta β", "emptyset ∅", "percent ％")
        .ToFrozenDictionary(p => p.Key[0], p => p.Value);

    /// <summary>Commands without meaning: space, size, style.</summary>
    public static readonly FrozenSet<string> Passed =
    [
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "displaystyle", "textstyle", "limits", "quad", "qquad", "space",
        "circ", "degree", "degrees", "hspace", "phantom", "hfill", "boldsymbol", "mathbf", "mathit", "mathcal", "bf", "rm", "overline", "vec", "hat", "overrightarrow", "middle",
    ];

    /// <summary>Commands whose argument is words.</summary>
    public static readonly FrozenSet<string> Wrappers = ["text", "textbf", "textit", "textrm", "textnormal", "mbox", "mathrm", "operatorname", "texttt", "textsf", "mathsf", "hbox"];

    /// <summary>Functions.</summary>
    public static readonly FrozenSet<string> Functions =
    [
        "sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "lg", "exp", "sqrt", "abs", "max", "min", "gcd", "lcm", "det",
    ];

    /// <summary>Words that stand between answers.</summary>
    public static readonly FrozenSet<string> Separators = ["and", "or"];

    /// <summary>Words for hundredths.</summary>
    public static readonly FrozenSet<string> Percents = ["percent", "percentage", "pct"];

    /// <summary>Units and the like that follow a number and do not change whether the answer is right.</summary>
    public static readonly FrozenSet<string> Units =
    [
        "cm", "mm", "km", "meter", "meters", "metre", "metres", "centimeter", "centimeters", "kilometer", "kilometers", "inch", "inches", "foot", "feet", "ft", "yard", "yards", "mile", "miles",
        "mph", "kmh", "kg", "mg", "gram", "grams", "kilogram", "kilograms", "pound", "pounds", "lb", "lbs", "ounce", "ounces", "oz", "liter", "liters", "litre", "litres", "ml", "gallon", "gallons",
        "second", "seconds", "sec", "minute", "minutes", "min", "hour", "hours", "hr", "hrs", "day", "days", "week", "weeks", "month", "months", "year", "years", "pm", "am", "dollar", "dollars", "cent",
        "cents", "euro", "euros", "yuan", "degree", "degrees", "radian", "radians", "unit", "units", "square", "sq", "cubic", "way", "ways", "people", "point", "points", "per", "times",
    ];

    // Each text is a value and the names that it has.
    private static FrozenDictionary<string, string> ByName(params string[] entries) =>
        entries.Select(e => e.Split(' ')).SelectMany(e => e[1..].Select(name => (name, e[0]))).ToFrozenDictionary(p => p.name, p => p.Item2, StringComparer.Ordinal);
}
