namespace Evolute.Text.Jinja;

/// <summary><c>{% for x in items if condition %}…{% else %}…{% endfor %}</c>.</summary>
internal sealed record ForStatement(
    Target Target, Expression Items, Expression? Condition, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else, int Line)
    : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        IReadOnlyList<object?> items = Chosen(Types.Items(Items.Evaluate(scope, rendering), rendering), scope, rendering);
        if (items.Count == 0) return RunAll(Else, new Scope(scope), rendering);
        int depth = scope.LoopDepth + 1;
        JinjaLoop loop = new(items, depth);
        for (int i = 0; i < items.Count; i++)
        {
            rendering.Step();
            loop.Index0 = i;
            // Each round has names of its own.
            Scope round = new(scope) { LoopDepth = depth };
            round.Set("loop", loop);
            Target.Assign(items[i], round, rendering);
            if (RunAll(Body, round, rendering) == Flow.Break) break;
        }
        return Flow.Next;
    }

    private IReadOnlyList<object?> Chosen(IReadOnlyList<object?> items, Scope scope, Rendering rendering)
    {
        if (Condition is null) return items;
        List<object?> chosen = [];
        foreach (object? item in items)
        {
            Scope trial = new(scope);
            Target.Assign(item, trial, rendering);
            if (Comparison.IsTrue(Condition.Evaluate(trial, rendering))) chosen.Add(item);
        }
        return chosen;
    }
}

/// <summary><c>{% macro name(a, b=1) %}…{% endmacro %}</c>.</summary>
internal sealed record MacroStatement(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, int Line)
    : Statement(Line)
{
    protected override Flow Execute(Scope scope, Rendering rendering)
    {
        string[] names = [.. Parameters.Select(p => p.Name)];
        scope.Set(Name, new JinjaFunction(Name, (arguments, run) => Call(arguments.Bind($"the macro '{Name}'", names), scope, run)));
        return Flow.Next;
    }

    private string Call(Given[] given, Scope definedIn, Rendering rendering)
    {
        Rendering.EnterNesting();
        Scope scope = new(definedIn) { LoopDepth = 0 };
        for (int i = 0; i < given.Length; i++)
        {
            (string name, Expression? otherwise) = Parameters[i];
            scope.Set(name, given[i].IsGiven ? given[i].Value
                : otherwise is not null ? otherwise.Evaluate(scope, rendering)
                : new Undefined($"the parameter '{name}' was not given"));
        }
        return rendering.Capture(() => RunAll(Body, scope, rendering));
    }
}
