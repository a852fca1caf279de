using System.Globalization;
using System.Numerics;

namespace Evolute.Tasks.Mathematics;

/// <summary>Reads an answer's tokens into a tree, by recursive descent with a cap on depth; what it cannot read is no tree and no exception.</summary>
internal sealed class MathParser
{
    private const int MaxDepth = 64, MaxDigits = 2000, MaxPostfixes = 8;

    private readonly MathToken[] _tokens;
    private int _at, _depth;

    private MathParser(MathToken[] tokens) => _tokens = tokens;

    /// <summary>The tree of an answer, or null where it is not mathematics that this reads.</summary>
    public static MathNode? Parse(string text, bool joinThousands = true)
    {
        if (MathLexer.Read(text, joinThousands) is not { } tokens) return null;
        MathParser parser = new(tokens);
        return parser.List() is { } tree && parser.Peek.Kind == TokenKind.End ? tree : null;
    }

    private MathToken Peek => _tokens[_at];

    private bool Take(char sign)
    {
        if (!Peek.Is(sign)) return false;
        _at++;
        return true;
    }

    private bool TakeStructure(string name)
    {
        if (Peek is not { Kind: TokenKind.Structure } token || token.Text != name) return false;
        _at++;
        return true;
    }

    // list: relation (',' relation)*, commas more than one or at the end passed over
    private MathNode? List()
    {
        List<MathNode> items = [];
        do
        {
            if (Peek.Is(',')) continue;
            if (items.Count > 0 && IsClose(Peek)) break;
            if (Relation() is not { } item) return null;
            items.Add(item);
        }
        while (Take(','));
        return items.Count == 1 ? items[0] : new(MathKind.List, "", [.. items]);
    }

    private static bool IsClose(MathToken token) => token.Kind == TokenKind.End || token.Is(')') || token.Is(']') || token.Is('}') || token.Is('»');

    private MathNode? Relation()
    {
        if (++_depth > MaxDepth) return null;
        // "= 5"
        if (_at == 0) Take('=');
        if (Ratio() is not { } first) return null;
        List<MathNode> sides = [first];
        string signs = "";
        while (Peek.Kind == TokenKind.Sign && "=<>≤≥≠≈∈".Contains(Peek.Text[0], StringComparison.Ordinal))
        {
            signs += _tokens[_at++].Text[0];
            if (Ratio() is not { } side) return null;
            sides.Add(side);
        }
        _depth--;
        return sides.Count == 1 ? first : new(MathKind.Relation, signs, [.. sides]);
    }

    private MathNode? Ratio() => Chain(Union, ':', parts => new(MathKind.Brackets, ":", parts));

    private MathNode? Union() => Chain(Sum, '∪', parts => MathNode.Of(MathKind.Union, parts));

    private MathNode? Chain(Func<MathNode?> part, char sign, Func<MathNode[], MathNode> join)
    {
        if (part() is not { } first) return null;
        List<MathNode> parts = [first];
        while (Take(sign))
        {
            if (part() is not { } next) return null;
            parts.Add(next);
        }
        return parts.Count == 1 ? first : join([.. parts]);
    }

    private MathNode? Sum()
    {
        List<MathNode> terms = [];
        while (true)
        {
            bool negative = false, either = false;
            while (Peek.Is('+') || Peek.Is('-') || Peek.Is('±'))
            {
                negative ^= Peek.Is('-');
                either |= Peek.Is('±');
                _at++;
            }
            if (Product() is not { } term) return null;
            if (negative) term = MathNode.Negate(term);
            terms.Add(either ? MathNode.Of(MathKind.PlusMinus, term) : term);
            if (!(Peek.Is('+') || Peek.Is('-') || Peek.Is('±'))) break;
        }
        return terms.Count == 1 ? terms[0] : MathNode.Of(MathKind.Sum, [.. terms]);
    }

    private MathNode? Product()
    {
        List<MathNode> factors = [];
        while (true)
        {
            bool divides = factors.Count > 0 && Take('/');
            if (!divides && factors.Count > 0) Take('*');
            SkipWords(factors.Count > 0);
            bool negative = false;
            while (Peek.Is('-') && factors.Count > 0 && (_tokens[_at - 1].Is('*') || _tokens[_at - 1].Is('/')))
            {
                negative = !negative;
                _at++;
            }
            if (factors.Count > 0 && !BeginsFactor() && !divides) break;
            if (Factor() is not { } factor) return null;
            if (negative) factor = MathNode.Negate(factor);
            if (divides) factors = [MathNode.Of(MathKind.Quotient, Join(factors), factor)];
            else factors.Add(factor);
            SkipWords(true);
            if (!(BeginsFactor() || Peek.Is('*') || Peek.Is('/'))) break;
        }
        return Join(factors);
    }

    private static MathNode Join(List<MathNode> factors) => factors.Count == 1 ? factors[0] : MathNode.Of(MathKind.Product, [.. factors]);

    // Units and remarks behind a value, with the power that belongs to them.
    private void SkipWords(bool behindValue)
    {
        while (behindValue && Peek.Kind == TokenKind.Words)
        {
            _at++;
            if (Take('^') && Factor() is null) return;
            if (Peek.Is('/') && _tokens[_at + 1].Kind == TokenKind.Words) _at++;
        }
    }

    private bool BeginsFactor() => Peek.Kind is TokenKind.Number or TokenKind.Symbol or TokenKind.Function
        || (Peek.Kind == TokenKind.Structure && Peek.Text is "frac" or "sqrt" or "binom" or "begin")
        || Peek.Is('(') || Peek.Is('[') || Peek.Is('{') || Peek.Is('«') || (Peek.Is('|') && !_inBars);

    private bool _inBars;

    private MathNode? Factor()
    {
        if (++_depth > MaxDepth) return null;
        if (Atom() is not { } node) return null;
        for (int postfixes = 0; ; postfixes++)
        {
            if (postfixes > MaxPostfixes) return null;
            if (Take('^'))
            {
                if (Exponent() is not { } exponent) return null;
                node = MathNode.Of(MathKind.Power, node, exponent);
            }
            else if (Take('_'))
            {
                if (Argument() is not { } index) return null;
                node = MathNode.Function("_", node, index);
            }
            else if (Take('!')) node = MathNode.Function("!", node);
            else if (Take('\'')) node = MathNode.Function("'", node);
            else if (Take('%')) node = MathNode.Of(MathKind.Percent, node);
            else break;
        }
        _depth--;
        return node;
    }

    private MathNode? Exponent()
    {
        bool negative = false;
        while (Peek.Is('-') || Peek.Is('+')) negative ^= _tokens[_at++].Is('-');
        MathNode? exponent = Peek.Is('{') || Peek.Is('(') || negative ? Factor() : Peek.Kind == TokenKind.Number && !Peek.Spaced && _tokens[_at - 1].Is('^') ? PowerOfPlain() : Argument();
        return exponent is not null && negative ? MathNode.Negate(exponent) : exponent;
    }

    // In plain notation x^10 has the exponent 10 and 2^3^2 associates to the right.
    private MathNode? PowerOfPlain()
    {
        if (Number() is not { } number) return null;
        if (!Peek.Is('^')) return number;
        if (++_depth > MaxDepth) return null;
        _at++;
        MathNode? exponent = Exponent();
        _depth--;
        return exponent is null ? null : MathNode.Of(MathKind.Power, number, exponent);
    }

    // What LaTeX takes without braces: a group, a structure, a symbol or one digit.
    private MathNode? Argument()
    {
        if (Peek is not { Kind: TokenKind.Number, Text: [var digit, _, ..] }) return Peek.Kind == TokenKind.Words ? Words() : Atom();
        _tokens[_at] = Peek with { Text = Peek.Text[1..] };
        return char.IsAsciiDigit(digit) ? MathNode.Number(Rational.Of(digit - '0')) : null;
    }

    private MathNode Words() => MathNode.Symbol(_tokens[_at++].Text);

    private MathNode? Atom()
    {
        if (++_depth > MaxDepth) return null;
        MathToken token = Peek;
        MathNode? node = token.Kind switch
        {
            TokenKind.Number => Number(),
            TokenKind.Symbol => Symbol(),
            TokenKind.Words => Words(),
            TokenKind.Function => FunctionCall(),
            TokenKind.Structure => Structure(),
            TokenKind.Sign => Bracketed(token.Text[0]),
            _ => null,
        };
        _depth--;
        return node;
    }

    private MathNode Symbol() => MathNode.Symbol(_tokens[_at++].Text);

    // Digits, groups of three digits apart by spaces, a mixed number "7\frac{1}{2}" or "1 1/2".
    private MathNode? Number()
    {
        if (Literal(_tokens[_at++].Text) is not { } node) return null;
        while (Peek.Kind == TokenKind.Number && node.Decimals < 0)
        {
            if (_tokens[_at + 1].Is('/') && _tokens[_at + 2].Kind == TokenKind.Number && Literal(Peek.Text) is { } top && Literal(_tokens[_at + 2].Text) is { } bottom)
            {
                _at += 3;
                return Mixed(node, Rational.Divide(top.Value, bottom.Value));
            }
            if (Peek.Text.Length != 3) return node;
            string digits = node.Value.Numerator.ToString(CultureInfo.InvariantCulture) + Peek.Text;
            if (Literal(digits) is not { } joined) return null;
            (node, _at) = (joined, _at + 1);
        }
        if (node.Decimals >= 0 || Peek is not { Kind: TokenKind.Structure, Text: "frac" }) return node;
        if (Structure() is not { } fraction) return null;
        return fraction is { Kind: MathKind.Quotient, Parts: [{ Kind: MathKind.Number } upper, { Kind: MathKind.Number } lower] }
            ? Mixed(node, Rational.Divide(upper.Value, lower.Value))
            : MathNode.Of(MathKind.Product, node, fraction);
    }

    private static MathNode? Mixed(MathNode whole, Rational? part) => part is { } fraction && Rational.Add(whole.Value, fraction) is { } value ? MathNode.Number(value) : null;

    private static MathNode? Literal(string text)
    {
        if (text.Length > MaxDigits) return null;
        if (text.EndsWith(')')) return Repeating(text);
        int point = text.IndexOf('.', StringComparison.Ordinal), decimals = point < 0 ? -1 : text.Length - point - 1;
        string digits = point < 0 ? text : text.Remove(point, 1);
        return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger value) && Rational.Of(value, BigInteger.Pow(10, Math.Max(0, decimals))) is { } number
            ? MathNode.Number(number, decimals)
            : null;
    }

    // "0.1(6)": what all digits say less what those before the period say, over 9 … 90 … 0.
    private static MathNode? Repeating(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal), period = text.Length - open - 2, decimals = open - text.IndexOf('.', StringComparison.Ordinal) - 1;
        string before = text[..open].Replace(".", "", StringComparison.Ordinal), all = before + text[(open + 1)..^1];
        BigInteger difference = BigInteger.Parse(all, CultureInfo.InvariantCulture) - BigInteger.Parse("0" + before, CultureInfo.InvariantCulture);
        return Rational.Of(difference, BigInteger.Pow(10, decimals) * (BigInteger.Pow(10, period) - 1)) is { } value ? MathNode.Number(value) : null;
    }

    private MathNode? FunctionCall()
    {
        string name = _tokens[_at++].Text;
        MathNode? power = null, index = null;
        while (Peek.Is('^') || Peek.Is('_'))
        {
            bool raised = _tokens[_at++].Is('^');
            MathNode? part = raised ? Exponent() : Argument();
            if (part is null) return null;
            if (raised) power = part;
            else index = part;
        }
        bool bracketed = Peek.Is('(') || Peek.Is('{');
        // "\sin 2x" takes "2x", "\sin(2) x" takes "2".
        MathNode? argument = bracketed ? Atom() : FunctionArgument();
        if (argument is null) return null;
        MathNode call = name switch
        {
            "log" or "ln" or "lg" when index is not null => MathNode.Of(MathKind.Quotient, MathNode.Function("ln", argument), MathNode.Function("ln", index)),
            "log" => MathNode.Function("ln", argument),
            "arcsin" or "arccos" or "arctan" => MathNode.Function(name, argument),
            _ => MathNode.Function(name, argument.Kind is MathKind.List or MathKind.Brackets ? argument.Parts : [argument]),
        };
        if (power is null) return call;
        // sin^{-1} is the inverse function.
        return power is { Kind: MathKind.Number } p && p.Value == Rational.Of(-1) && name is "sin" or "cos" or "tan"
            ? MathNode.Function("arc" + name, argument)
            : MathNode.Of(MathKind.Power, call, power);
    }

    private MathNode? FunctionArgument()
    {
        List<MathNode> factors = [];
        bool negative = Take('-');
        do
        {
            if (Factor() is not { } factor) return null;
            factors.Add(factor);
        }
        while (Peek.Kind is TokenKind.Number or TokenKind.Symbol || Peek is { Kind: TokenKind.Structure, Text: "frac" or "sqrt" });
        return negative ? MathNode.Negate(Join(factors)) : Join(factors);
    }

    private MathNode? Structure()
    {
        if (TakeStructure("frac")) return Two() is var (top, bottom) ? MathNode.Of(MathKind.Quotient, top, bottom) : null;
        if (TakeStructure("binom")) return Two() is var (n, k) ? MathNode.Function("binom", n, k) : null;
        if (TakeStructure("sqrt"))
        {
            MathNode? degree = null;
            if (Take('[') && ((degree = Sum()) is null || !Take(']'))) return null;
            MathNode? radicand = Peek.Kind == TokenKind.Number ? Number() : Argument();
            return radicand is null ? null
                : MathNode.Of(MathKind.Power, radicand, MathNode.Of(MathKind.Quotient, MathNode.Number(Rational.Of(1)), degree ?? MathNode.Number(Rational.Of(2))));
        }
        return TakeStructure("begin") ? Matrix() : null;
    }

    private (MathNode, MathNode)? Two() => Argument() is { } first && Argument() is { } second ? (first, second) : null;

    private MathNode? Matrix()
    {
        List<MathNode> cells = [];
        int columns = 0, column = 0;
        while (!TakeStructure("end"))
        {
            if (TakeStructure("row"))
            {
                if (columns != 0 && column != columns) return null;
                (columns, column) = (column, 0);
                continue;
            }
            if (column > 0 && !Take('&')) return null;
            if (Relation() is not { } cell) return null;
            cells.Add(cell);
            column++;
        }
        if (columns != 0 && column != 0 && column != columns) return null;
        return new(MathKind.Matrix, Math.Max(columns, column).ToString(CultureInfo.InvariantCulture), [.. cells]);
    }

    private MathNode? Bracketed(char open)
    {
        _at++;
        bool outerBars = _inBars;
        _inBars = open == '|';
        MathNode? content = open switch
        {
            '|' => Sum(),
            '(' or '[' or '{' => List(),
            '«' => Peek.Is('»') ? new(MathKind.List, "", []) : List(),
            _ => null,
        };
        _inBars = outerBars;
        if (content is null) return null;
        MathToken close = _tokens[_at++];
        if (close.Kind == TokenKind.End) return null;
        return (open, close.Text[0]) switch
        {
            ('|', '|') => MathNode.Function("abs", content),
            ('{', '}') => content,
            ('«', '»') => new(MathKind.Set, "", content.Kind == MathKind.List ? content.Parts : [content]),
            ('(' or '[', ')' or ']') when close.Kind == TokenKind.Sign => content.Kind == MathKind.List
                ? new(MathKind.Brackets, $"{open}{close.Text}", content.Parts)
                : (open, close.Text[0]) is ('(', ')') or ('[', ']') ? content : null,
            _ => null,
        };
    }
}
