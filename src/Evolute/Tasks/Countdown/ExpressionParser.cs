using System.Globalization;
using System.Numerics;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// Evaluates an expression of integers, <c>+ - * / // **</c> and parentheses as CPython 3.11 does, in linear time and with
/// its limits on nesting; anything that is an error there has no value here.
/// </summary>
internal ref struct ExpressionParser
{
    // CPython's limits, measured: its tokenizer takes 200 open parentheses; its parser's stack has 6,000 levels, of
    // which a parenthesis takes 28, a sign 1, a power 2 and the innermost operand 25; its compiler goes about 2,985
    // operators deep.
    private const int MaxParentheses = 200, MaxLevel = 6000, MaxDepth = 2985;
    private const int LevelsOfParenthesis = 28, LevelsOfSign = 1, LevelsOfPower = 2, LevelsOfOperand = 25;

    private readonly ReadOnlySpan<char> text;
    private int at;
    private int parentheses;

    // A value and the depth of its syntax tree.
    private readonly record struct Operand(PythonNumber Value, int Depth);

    private ExpressionParser(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>The value, or null where Python reports an error or a result grows beyond the caps.</summary>
    public static PythonNumber? Evaluate(ReadOnlySpan<char> text)
    {
        ExpressionParser parser = new(text);
        return parser.Sum(0) is { } result && parser.Peek() == '\0' ? result.Value : null;
    }

    // sum: term (('+' | '-') term)*
    private Operand? Sum(int level)
    {
        if (Term(level) is not { } sum) return null;
        while (Peek() is '+' or '-')
        {
            bool plus = text[at++] == '+';
            if (Term(level) is not { } term) return null;
            if (Join(sum, term, plus ? PythonNumber.Add(sum.Value, term.Value) : PythonNumber.Subtract(sum.Value, term.Value)) is not { } joined)
                return null;
            sum = joined;
        }
        return sum;
    }

    // term: factor (('*' | '/' | '//') factor)*
    private Operand? Term(int level)
    {
        if (Factor(level) is not { } product) return null;
        while (Peek() is '*' or '/')
        {
            bool times = text[at++] == '*';
            bool floor = !times && at < text.Length && text[at] == '/';
            if (floor) at++;
            if (Factor(level) is not { } factor) return null;
            PythonNumber? value = times ? PythonNumber.Multiply(product.Value, factor.Value)
                : floor ? PythonNumber.FloorDivide(product.Value, factor.Value)
                : PythonNumber.Divide(product.Value, factor.Value);
            if (Join(product, factor, value) is not { } joined) return null;
            product = joined;
        }
        return product;
    }

    // factor: ('+' | '-')* primary ['**' factor]; a sign binds looser than the power to its right.
    private Operand? Factor(int level)
    {
        Stack<(Operand Primary, int Signs, bool Negative)>? bases = null;
        while (true)
        {
            int signs = 0;
            bool negative = false;
            for (; Peek() is '+' or '-'; signs++) negative ^= text[at++] == '-';
            level += signs * LevelsOfSign;
            if (Primary(level) is not { } primary) return null;
            if (!TakePower())
            {
                Operand? result = Signed(primary, signs, negative);
                while (result is not null && bases is not null && bases.TryPop(out var left))
                    result = Join(left.Primary, result.Value, PythonNumber.Power(left.Primary.Value, result.Value.Value)) is { } power
                        ? Signed(power, left.Signs, left.Negative)
                        : null;
                return result;
            }
            (bases ??= new()).Push((primary, signs, negative));
            level += LevelsOfPower;
        }
    }

    // primary: integer | '(' sum ')'
    private Operand? Primary(int level)
    {
        if (level + LevelsOfOperand > MaxLevel) return null;
        char next = Peek();
        if (char.IsAsciiDigit(next)) return Integer();
        if (next != '(' || ++parentheses > MaxParentheses) return null;
        at++;
        if (Sum(level + LevelsOfParenthesis) is not { } inner || Peek() != ')') return null;
        at++;
        parentheses--;
        return inner;
    }

    private Operand? Integer()
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        ReadOnlySpan<char> digits = text[start..at];
        bool padded = digits[0] == '0' && digits.ContainsAnyExcept('0'); // 007 is a syntax error, 000 is not.
        return padded ? null : new Operand(BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture), 1);
    }

    private static Operand? Signed(Operand operand, int signs, bool negative)
    {
        int depth = operand.Depth + signs;
        return depth > MaxDepth ? null : new Operand(negative ? operand.Value.Negated() : operand.Value, depth);
    }

    private static Operand? Join(Operand left, Operand right, PythonNumber? value)
    {
        int depth = Math.Max(left.Depth, right.Depth) + 1;
        return value is { } number && depth <= MaxDepth ? new Operand(number, depth) : null;
    }

    private bool TakePower()
    {
        if (Peek() != '*' || at + 1 >= text.Length || text[at + 1] != '*') return false;
        at += 2;
        return true;
    }

    // The next character that is not a space, without taking it; NUL at the end.
    private char Peek()
    {
        while (at < text.Length && text[at] == ' ') at++;
        return at < text.Length ? text[at] : '\0';
    }
}
