namespace Evolute.Text.Jinja;

/// <summary>Parses a template to statements.</summary>
internal sealed class TemplateParser : ExpressionParser
{
    // break and continue are known only inside a loop; a macro starts anew.
    private int _loops;

    private TemplateParser(List<Token> tokens) : base(tokens) { }

    public static IReadOnlyList<Statement> Parse(string source)
    {
        TemplateParser parser = new(TemplateLexer.Tokenize(source));
        try
        {
            List<Statement> body = parser.ParseBody();
            if (parser.Current.Kind != TokenKind.End) throw new TemplateException($"'{{% {parser.Ahead.Text} %}}' does not go with anything");
            return body;
        }
        catch (TemplateException e)
        {
            e.Line ??= parser.Current.Line;
            throw;
        }
    }

    /// <summary>Statements up to a tag that is none of a statement, or one that ends the block around them.</summary>
    private List<Statement> ParseBody(params string[] ends)
    {
        Rendering.EnterNesting();
        List<Statement> body = [];
        while (true)
            switch (Current.Kind)
            {
                case TokenKind.Data:
                    body.Add(new DataStatement(Current.Text, Take().Line));
                    break;
                case TokenKind.VariableBegin:
                    int line = Take().Line;
                    body.Add(new OutputStatement(ParseTuple(), line));
                    ExpectEnd(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin when Array.IndexOf(ends, Ahead.Text) < 0 && IsStatement(Ahead.Text):
                    Take();
                    body.Add(ParseStatement(Take()));
                    break;
                default:
                    return body;
            }
    }

    private static bool IsStatement(string name) => !name.StartsWith("end", StringComparison.Ordinal) && name is not ("else" or "elif");

    private Statement ParseStatement(Token name) => name.Text switch
    {
        "if" => ParseIf(name.Line),
        "for" => ParseFor(name.Line),
        "set" => ParseSet(name.Line),
        "macro" => ParseMacro(name.Line),
        "with" => ParseWith(name.Line),
        "filter" => ParseFilterBlock(name.Line),
        "generation" => new ScopeStatement([], ParseBlock("endgeneration"), name.Line),
        "break" => ParseFlow(Flow.Break, name),
        "continue" => ParseFlow(Flow.Continue, name),
        "extends" or "include" or "import" or "from" or "block" or "call" or "do" or "autoescape" =>
            throw new TemplateException($"'{{% {name.Text} %}}' is not supported in chat templates"),
        _ => throw new TemplateException($"there is no statement {name}"),
    };

    /// <summary>The rest of the opening tag, the body, and the closing tag.</summary>
    private List<Statement> ParseBlock(string end)
    {
        ExpectEnd(TokenKind.BlockEnd);
        List<Statement> body = ParseBody(end);
        TakeTag(end);
        ExpectEnd(TokenKind.BlockEnd);
        return body;
    }

    private void TakeTag(string name)
    {
        if (Current.Kind != TokenKind.BlockBegin || !Ahead.IsName(name))
            throw new TemplateException($"'{{% {name} %}}' is expected, not {(Current.Kind == TokenKind.BlockBegin ? Ahead : Current)}");
        Take();
        Take();
    }

    private void ExpectEnd(TokenKind end)
    {
        if (Current.Kind != end) throw Unexpected();
        Take();
    }

    private IfStatement ParseIf(int line)
    {
        List<(Expression, IReadOnlyList<Statement>)> branches = [];
        List<Statement> otherwise = [];
        do
        {
            Expression condition = ParseTuple(withCondition: false);
            ExpectEnd(TokenKind.BlockEnd);
            branches.Add((condition, ParseBody("elif", "else", "endif")));
        }
        while (TakeTagIf("elif"));
        if (TakeTagIf("else"))
        {
            ExpectEnd(TokenKind.BlockEnd);
            otherwise = ParseBody("endif");
        }
        TakeTag("endif");
        ExpectEnd(TokenKind.BlockEnd);
        return new IfStatement(branches, otherwise, line);
    }

    private bool TakeTagIf(string name)
    {
        if (Current.Kind != TokenKind.BlockBegin || !Ahead.IsName(name)) return false;
        Take();
        Take();
        return true;
    }

    private ForStatement ParseFor(int line)
    {
        Target target = ParseTarget();
        if (!TakeIfName("in")) throw new TemplateException($"'in' is expected, not {Current}");
        Expression items = ParseTuple(withCondition: false, ends: () => Current.IsName("recursive"));
        Expression? condition = TakeIfName("if") ? ParseExpression() : null;
        if (Current.IsName("recursive")) throw new TemplateException("a recursive loop is not supported");
        ExpectEnd(TokenKind.BlockEnd);
        _loops++;
        List<Statement> body = ParseBody("endfor", "else");
        _loops--;
        List<Statement> otherwise = [];
        if (TakeTagIf("else"))
        {
            ExpectEnd(TokenKind.BlockEnd);
            otherwise = ParseBody("endfor");
        }
        TakeTag("endfor");
        ExpectEnd(TokenKind.BlockEnd);
        return new ForStatement(target, items, condition, body, otherwise, line);
    }

    private Target ParseTarget()
    {
        if (TakeIf("("))
        {
            Target inner = ParseTarget();
            Expect(")");
            return inner;
        }
        List<string> names = [ExpectTargetName()];
        if (TakeIf(".")) return new Target(names, ExpectName());
        bool unpacks = false;
        while (TakeIf(","))
        {
            unpacks = true;
            if (Current.Kind != TokenKind.Name || Current.IsName("in")) break;
            names.Add(ExpectTargetName());
        }
        return new Target(names, Unpacks: unpacks);
    }

    private string ExpectTargetName()
    {
        string name = ExpectName();
        return name is "true" or "True" or "false" or "False" or "none" or "None" or "loop"
            ? throw new TemplateException($"'{name}' cannot be set")
            : name;
    }

    private Statement ParseSet(int line)
    {
        Target target = ParseTarget();
        if (TakeIf("="))
        {
            Expression value = ParseTuple();
            ExpectEnd(TokenKind.BlockEnd);
            return new SetStatement(target, value, line);
        }
        Expression filtered = new CapturedText();
        while (TakeIf("|")) filtered = ParseFilter(filtered);
        return new CaptureStatement(target, filtered, ParseBlock("endset"), line);
    }

    private CaptureStatement ParseFilterBlock(int line)
    {
        Expression filtered = ParseFilter(new CapturedText());
        while (TakeIf("|")) filtered = ParseFilter(filtered);
        return new CaptureStatement(null, filtered, ParseBlock("endfilter"), line);
    }

    private ScopeStatement ParseWith(int line)
    {
        List<(string, Expression)> values = [];
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0) Expect(",");
            string name = ExpectTargetName();
            Expect("=");
            values.Add((name, ParseExpression()));
        }
        return new ScopeStatement(values, ParseBlock("endwith"), line);
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = ExpectTargetName();
        List<(string, Expression?)> parameters = [];
        Expect("(");
        while (!TakeIf(")"))
        {
            if (parameters.Count > 0) Expect(",");
            string parameter = ExpectTargetName();
            Expression? otherwise = TakeIf("=") ? ParseExpression() : null;
            if (otherwise is null && parameters.Exists(p => p.Item2 is not null)) throw new TemplateException("a parameter without a default follows one with a default");
            parameters.Add((parameter, otherwise));
        }
        int loops = _loops;
        _loops = 0;
        List<Statement> body = ParseBlock("endmacro");
        _loops = loops;
        return new MacroStatement(name, parameters, body, line);
    }

    private FlowStatement ParseFlow(Flow flow, Token name)
    {
        if (_loops == 0) throw new TemplateException($"{name} is outside of any loop");
        ExpectEnd(TokenKind.BlockEnd);
        return new FlowStatement(flow, name.Line);
    }
}
