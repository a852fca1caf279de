namespace Evolute.Text.Jinja;

/// <summary>Where a template goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A part of a template that does something.</summary>
internal abstract record Statement(int Line)
{
    public Flow Run(Scope scope, Rendering rendering)
    {
        rendering.Step();
        Rendering.EnterNesting();
        rendering.Line = Line;
        return Execute(scope, rendering);
    }

    public static Flow RunAll(IReadOnlyList<Statement> body, Scope scope, Rendering rendering)
    {
        foreach (Statement statement in body)
            if (statement.Run(scope, rendering) is var flow and not Flow.Next) return flow;
        return Flow.Next;
    }

    protected abstract Flow Execute(Scope scope, Rendering rendering);
}

/// <summary>Text as it stands.</summary>
internal sealed record DataStatement(string Text, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        rendering.Write(Text);
        return Flow.Next;
    }
}

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record OutputStatement(Expression Shown, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        rendering.Write(PythonText.Of(Shown.Evaluate(scope, rendering), rendering));
        return Flow.Next;
    }
}

internal sealed record IfStatement(IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else, int Line)
    : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        foreach ((Expression condition, IReadOnlyList<Statement> body) in Branches)
            if (Comparison.IsTrue(condition.Evaluate(scope, rendering))) return RunAll(body, scope, rendering);
        return RunAll(Else, scope, rendering);
    }
}

/// <summary>What can stand left of <c>=</c>: one name, several, or <c>namespace.name</c>.</summary>
internal sealed record Target(IReadOnlyList<string> Names, string? Attribute = null, bool Unpacks = false)
{
    public void Assign(object? value, Scope scope, Rendering rendering)
    {
        if (Attribute is not null)
        {
            if (scope.Get(Names[0]) is not JinjaNamespace space) throw new TemplateException($"'{Names[0]}' is not a namespace, so '{Attribute}' of it cannot be set");
            space.Values[Attribute] = value;
        }
        else if (Unpacks)
        {
            IReadOnlyList<object?> items = Types.Items(value, rendering);
            if (items.Count != Names.Count) throw new TemplateException($"{items.Count} value(s) do not go into {Names.Count} names");
            for (int i = 0; i < items.Count; i++) scope.Set(Names[i], items[i]);
        }
        else
        {
            scope.Set(Names[0], value);
        }
    }
}

internal sealed record SetStatement(Target Target, Expression Assigned, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        Target.Assign(Assigned.Evaluate(scope, rendering), scope, rendering);
        return Flow.Next;
    }
}

/// <summary>A value that a block's text is given to filters by.</summary>
internal sealed record CapturedText : Expression
{
    /// <summary>The name under which the text stands in the scope of the filters; no template can write it.</summary>
    public const string Name = "(captured)";

    protected override object? Value(Scope scope, Rendering rendering) => scope.Get(Name);
}

/// <summary><c>{% set x %}…{% endset %}</c>, and <c>{% filter … %}</c> where the target is null.</summary>
internal sealed record CaptureStatement(Target? Target, Expression Filtered, IReadOnlyList<Statement> Body, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        Scope inner = new(scope);
        string text = rendering.Capture(() => RunAll(Body, inner, rendering));
        inner.Set(CapturedText.Name, text);
        object? value = Filtered.Evaluate(inner, rendering);
        if (Target is null) rendering.Write(PythonText.Of(value, rendering));
        else Target.Assign(value, scope, rendering);
        return Flow.Next;
    }
}

/// <summary><c>{% with a = 1 %}</c>, and <c>{% generation %}</c>: a body with names of its own.</summary>
internal sealed record ScopeStatement(IReadOnlyList<(string Name, Expression Value)> Values, IReadOnlyList<Statement> Body, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        Scope inner = new(scope);
        foreach ((string name, Expression value) in Values) inner.Set(name, value.Evaluate(scope, rendering));
        return RunAll(Body, inner, rendering);
    }
}

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed record FlowStatement(Flow Flow, int Line) : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering) => Flow;
}
