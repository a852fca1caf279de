namespace Evolute.Text.Jinja;

/// <summary>A part of a template that has a value.</summary>
internal abstract record Expression
{
    public object? Evaluate(Scope scope, Rendering rendering)
    {
        rendering.Step();
        Rendering.EnterNesting();
        return Value(scope, rendering);
    }

    protected abstract object? Value(Scope scope, Rendering rendering);
}

internal sealed record Constant(object? Literal) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) => Literal;
}

internal sealed record NameExpression(string Name) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) => scope.Get(Name);
}

internal sealed record ListExpression(IReadOnlyList<Expression> Items, ListKind Kind) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        List<object?> values = new(Items.Count);
        foreach (Expression item in Items) values.Add(item.Evaluate(scope, rendering));
        return new JinjaList(values, Kind);
    }
}

internal sealed record MapExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach ((Expression key, Expression value) in Entries)
            values[Types.Text(key.Evaluate(scope, rendering), "a key of a mapping")] = value.Evaluate(scope, rendering);
        return new JinjaMap(values);
    }
}

/// <summary><c>value.name</c>.</summary>
internal sealed record AttributeExpression(Expression Of, string Name) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) => Access.Attribute(Of.Evaluate(scope, rendering), Name);
}

/// <summary><c>value[key]</c>.</summary>
internal sealed record ItemExpression(Expression Of, Expression Key) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) =>
        Access.Item(Of.Evaluate(scope, rendering), Key.Evaluate(scope, rendering), rendering);
}

/// <summary><c>value[start:stop:step]</c>.</summary>
internal sealed record SliceExpression(Expression Of, Expression? Start, Expression? Stop, Expression? Stride) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? of = Of.Evaluate(scope, rendering);
        return Access.Slice(of, Bound(Start, scope, rendering), Bound(Stop, scope, rendering), Bound(Stride, scope, rendering), rendering);
    }

    private static long? Bound(Expression? bound, Scope scope, Rendering rendering) =>
        bound?.Evaluate(scope, rendering) is { } value ? Types.Integer(value, "a bound of a slice") : null;
}

/// <summary><c>a if condition else b</c>.</summary>
internal sealed record ConditionalExpression(Expression Condition, Expression Then, Expression? Else) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) =>
        Comparison.IsTrue(Condition.Evaluate(scope, rendering)) ? Then.Evaluate(scope, rendering)
        : Else is not null ? Else.Evaluate(scope, rendering)
        : new Undefined("an inline if without else was false");
}

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record CallArguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static CallArguments None { get; } = new([], []);

    public Arguments Evaluate(Scope scope, Rendering rendering)
    {
        Dictionary<string, object?> named = new(StringComparer.Ordinal);
        List<object?> positional = new(Positional.Count);
        foreach (Expression argument in Positional) positional.Add(argument.Evaluate(scope, rendering));
        foreach ((string name, Expression value) in Named)
            if (!named.TryAdd(name, value.Evaluate(scope, rendering))) throw new TemplateException($"the argument '{name}' is given twice");
        return new Arguments(positional, named);
    }
}

internal sealed record CallExpression(Expression Function, CallArguments Arguments, int Line) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? function = Function.Evaluate(scope, rendering);
        Arguments arguments = Arguments.Evaluate(scope, rendering);
        rendering.Line = Line;
        return function switch
        {
            JinjaFunction f => f.Body(arguments, rendering),
            Undefined u => throw u.Error(),
            _ => throw new TemplateException($"{Types.Name(function)} cannot be called"),
        };
    }
}

/// <summary><c>value | filter(…)</c>; the value is null for the filter of a block, which takes the block's text.</summary>
internal sealed record FilterExpression(Expression Of, string Name, CallArguments Arguments, int Line) : Expression
{
    private readonly Filter _filter = Filters.Find(Name);

    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? of = Of.Evaluate(scope, rendering);
        Arguments arguments = Arguments.Evaluate(scope, rendering);
        rendering.Line = Line;
        return _filter(of, arguments, rendering);
    }
}

/// <summary><c>value is test(…)</c>.</summary>
internal sealed record TestExpression(Expression Of, string Name, CallArguments Arguments, int Line) : Expression
{
    private readonly Test _test = Tests.Find(Name);

    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? of = Of.Evaluate(scope, rendering);
        Arguments arguments = Arguments.Evaluate(scope, rendering);
        rendering.Line = Line;
        return _test(of, arguments, rendering);
    }
}
