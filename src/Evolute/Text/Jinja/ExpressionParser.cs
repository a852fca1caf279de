using System.Globalization;

namespace Evolute.Text.Jinja;

/// <summary>Parses expressions with Jinja's precedence: if-else, or, and, not, comparison, sum, <c>~</c>, product, power, sign, filter.</summary>
internal class ExpressionParser(List<Token> tokens)
{
    private static readonly HashSet<string> Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private int _at;

    protected Token Current => tokens[_at];

    protected Token Ahead => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    protected Token Take() => Current.Kind == TokenKind.End ? throw Unexpected() : tokens[_at++];

    protected bool TakeIf(string op) => Current.Is(op) && ++_at > 0;

    protected bool TakeIfName(string name) => Current.IsName(name) && ++_at > 0;

    protected void Expect(string op)
    {
        if (!TakeIf(op)) throw new TemplateException($"'{op}' is expected, not {Current}");
    }

    protected string ExpectName() => Current.Kind == TokenKind.Name ? Take().Text : throw new TemplateException($"a name is expected, not {Current}");

    protected TemplateException Unexpected() => new($"{Current} is not expected here");

    /// <summary>An expression, or several with commas between: a tuple.</summary>
    protected Expression ParseTuple(bool withCondition = true, Func<bool>? ends = null)
    {
        Expression first = ParseExpression(withCondition);
        if (!Current.Is(",")) return first;
        List<Expression> items = [first];
        while (TakeIf(",") && !TupleEnds() && !(ends?.Invoke() ?? false)) items.Add(ParseExpression(withCondition));
        return new ListExpression(items, ListKind.Tuple);
    }

    protected Expression ParseExpression(bool withCondition = true)
    {
        Rendering.EnterNesting();
        if (!withCondition) return ParseOr();
        Expression value = ParseOr();
        while (TakeIfName("if"))
        {
            Expression condition = ParseOr();
            value = new ConditionalExpression(condition, value, TakeIfName("else") ? ParseExpression() : null);
        }
        return value;
    }

    protected FilterExpression ParseFilter(Expression of)
    {
        int line = Current.Line;
        string name = ExpectName();
        while (TakeIf(".")) name += "." + ExpectName();
        return new FilterExpression(of, name, Current.Is("(") ? ParseArguments() : CallArguments.None, line);
    }

    protected CallArguments ParseArguments()
    {
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expect("(");
        while (!TakeIf(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                Expect(",");
                if (TakeIf(")")) break;
            }
            if (Current.Is("*") || Current.Is("**")) throw new TemplateException("'*' and '**' in the arguments of a call are not supported");
            if (Current.Kind == TokenKind.Name && Ahead.Is("="))
            {
                string name = Take().Text;
                Take();
                named.Add((name, ParseExpression()));
            }
            else
            {
                if (named.Count > 0) throw new TemplateException("an argument without a name follows one with a name");
                positional.Add(ParseExpression());
            }
        }
        return new CallArguments(positional, named);
    }

    private bool TupleEnds() => Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.Is(")");

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (TakeIfName("or")) left = new LogicExpression(left, ParseAnd(), And: false);
        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (TakeIfName("and")) left = new LogicExpression(left, ParseNot(), And: true);
        return left;
    }

    private Expression ParseNot()
    {
        Rendering.EnterNesting();
        return TakeIfName("not") ? new NotExpression(ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = Current.Line;
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (true)
            if (Current.Kind == TokenKind.Operator && Comparisons.Contains(Current.Text)) rest.Add((Take().Text, ParseSum()));
            else if (TakeIfName("in")) rest.Add(("in", ParseSum()));
            else if (Current.IsName("not") && Ahead.IsName("in"))
            {
                _at += 2;
                rest.Add(("not in", ParseSum()));
            }
            else return rest.Count == 0 ? first : new CompareExpression(first, rest, line);
    }

    private Expression ParseSum() => ParseLeft(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        Expression first = ParseProduct();
        if (!Current.Is("~")) return first;
        List<Expression> parts = [first];
        while (TakeIf("~")) parts.Add(ParseProduct());
        return new ConcatExpression(parts);
    }

    private Expression ParseProduct() => ParseLeft(() => ParseLeft(() => ParseSigned(withFilter: true), "**"), "*", "/", "//", "%");

    private Expression ParseLeft(Func<Expression> operand, params string[] operators)
    {
        Expression left = operand();
        while (Current.Kind == TokenKind.Operator && Array.IndexOf(operators, Current.Text) >= 0)
        {
            Token op = Take();
            left = new ArithmeticExpression(op.Text, left, operand(), op.Line);
        }
        return left;
    }

    private Expression ParseSigned(bool withFilter)
    {
        Rendering.EnterNesting();
        int line = Current.Line;
        Expression value = TakeIf("-") ? new SignExpression(true, ParseSigned(withFilter: false), line)
            : TakeIf("+") ? new SignExpression(false, ParseSigned(withFilter: false), line)
            : ParsePrimary();
        value = ParsePostfix(value);
        return withFilter ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParsePrimary()
    {
        Token token = Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Constant(true),
                    "false" or "False" => new Constant(false),
                    "none" or "None" => new Constant(null),
                    _ => new NameExpression(token.Text),
                };
            case TokenKind.Text:
                string text = token.Text;
                while (Current.Kind == TokenKind.Text) text += Take().Text;
                return new Constant(text);
            case TokenKind.Integer:
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
                    ? new Constant(whole)
                    : throw new TemplateException($"the number {token} is too large");
            case TokenKind.Float:
                return new Constant(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                Expression inner = Current.Is(")") ? new ListExpression([], ListKind.Tuple) : ParseTuple();
                Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(ParseItems("]", () => ParseExpression()), ListKind.List);
            case TokenKind.Operator when token.Text == "{":
                return new MapExpression(ParseItems("}", ParseEntry));
            default:
                _at--;
                throw Unexpected();
        }
    }

    private List<T> ParseItems<T>(string end, Func<T> parse)
    {
        List<T> items = [];
        while (!TakeIf(end))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (TakeIf(end)) break;
            }
            items.Add(parse());
        }
        return items;
    }

    private (Expression Key, Expression Value) ParseEntry()
    {
        Expression key = ParseExpression();
        Expect(":");
        return (key, ParseExpression());
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
            if (Current.Is("(")) value = ParseCall(value);
            else if (TakeIf(".")) value = ParseAttribute(value);
            else if (TakeIf("[")) value = ParseSubscript(value);
            else return value;
    }

    private CallExpression ParseCall(Expression function)
    {
        int line = Current.Line;
        return new CallExpression(function, ParseArguments(), line);
    }

    private Expression ParseAttribute(Expression of)
    {
        if (Current.Kind != TokenKind.Integer) return new AttributeExpression(of, ExpectName());
        return new ItemExpression(of, ParsePrimary());
    }

    private Expression ParseSubscript(Expression of)
    {
        Expression? start = Current.Is(":") ? null : ParseExpression();
        if (start is not null && TakeIf("]")) return new ItemExpression(of, start);
        Expect(":");
        Expression? stop = Current.Is(":") || Current.Is("]") ? null : ParseExpression();
        Expression? step = TakeIf(":") && !Current.Is("]") ? ParseExpression() : null;
        Expect("]");
        return new SliceExpression(of, start, stop, step);
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
            if (TakeIf("|")) value = ParseFilter(value);
            else if (Current.IsName("is")) value = ParseTest(value);
            else if (Current.Is("(")) value = ParseCall(value);
            else return value;
    }

    private Expression ParseTest(Expression value)
    {
        int line = Take().Line;
        bool negated = TakeIfName("not");
        string name = ExpectName();
        CallArguments arguments = CallArguments.None;
        if (Current.Is("(")) arguments = ParseArguments();
        else if (StartsArgument()) arguments = new CallArguments([ParsePostfix(ParsePrimary())], []);
        TestExpression test = new(value, name, arguments, line);
        return negated ? new NotExpression(test) : test;
    }

    /// <summary>A test may have its argument without parentheses: <c>x is divisibleby 3</c>.</summary>
    private bool StartsArgument() =>
        Current.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float
        || Current.Is("[") || Current.Is("{")
        || (Current.Kind == TokenKind.Name && Current.Text is not ("else" or "or" or "and" or "is" or "if" or "in" or "not"));
}
