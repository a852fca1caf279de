namespace Evolute.Text.Jinja;

internal delegate bool Test(object? value, Arguments arguments, Rendering rendering);

/// <summary>What <c>is</c> can ask, by name.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Test> All = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _, _) => value is not Undefined,
        ["undefined"] = (value, _, _) => value is Undefined,
        ["none"] = (value, _, _) => value is null,
        ["true"] = (value, _, _) => value is true,
        ["false"] = (value, _, _) => value is false,
        ["boolean"] = (value, _, _) => value is bool,
        ["integer"] = (value, _, _) => value is long,
        ["float"] = (value, _, _) => value is double,
        ["number"] = (value, _, _) => value is long or double or bool,
        ["string"] = (value, _, _) => value is string,
        ["mapping"] = (value, _, _) => value is JinjaMap,
        ["iterable"] = (value, _, _) => value is JinjaList or JinjaMap or string or Undefined,
        ["sequence"] = (value, _, _) => value is JinjaList { Kind: not ListKind.Generator } or JinjaMap or string or Undefined,
        ["callable"] = (value, _, _) => value is JinjaFunction or Undefined,
        ["odd"] = (value, _, _) => Types.Integer(value, "what is odd") % 2 != 0,
        ["even"] = (value, _, _) => Types.Integer(value, "what is even") % 2 == 0,
        ["divisibleby"] = (value, arguments, rendering) => Arithmetic.Apply("%", value, One(arguments), rendering) is 0L or 0.0,
        ["in"] = (value, arguments, rendering) => Comparison.Contains(One(arguments), value, rendering),
        ["sameas"] = (value, arguments, _) => ReferenceEquals(value, One(arguments)) || (value is bool or long && value.Equals(One(arguments))),
        ["lower"] = (value, _, rendering) => TextMethods.IsCased(PythonText.Of(value, rendering), upper: false),
        ["upper"] = (value, _, rendering) => TextMethods.IsCased(PythonText.Of(value, rendering), upper: true),
        ["filter"] = (value, _, _) => value is string name && Filters.Exists(name),
        ["test"] = (value, _, _) => value is string name && Exists(name),
    };

    static Tests()
    {
        foreach ((string op, string[] names) in ((string, string[])[])
            [("==", ["eq", "equalto", "=="]), ("!=", ["ne", "!="]), ("<", ["lt", "lessthan", "<"]), ("<=", ["le", "<="]), (">", ["gt", "greaterthan", ">"]), (">=", ["ge", ">="])])
            foreach (string name in names)
                All.Add(name, (value, arguments, rendering) => CompareExpression.Holds(op, value, One(arguments), rendering));
    }

    /// <summary>The test; one that is not there fails only when it is used.</summary>
    public static Test Find(string name) =>
        All.TryGetValue(name, out Test? test) ? test
        : (_, _, _) => throw new TemplateException($"there is no test '{name}'.{Suggestion.For(name, All.Keys)}");

    private static bool Exists(string name) => All.ContainsKey(name);

    private static object? One(Arguments arguments) =>
        arguments is { Positional: [var one], Named.Count: 0 } ? one : throw new TemplateException("the test takes one argument");
}
