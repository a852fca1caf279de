namespace Evolute.Text.Jinja;

/// <summary>The arguments of a call.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly Dictionary<string, object?> NoNames = [];

    public int Count => Positional.Count;

    public static Arguments Of(params object?[] values) => new(values, NoNames);

    /// <summary>The values of the named parameters in their order; null in the array where none was given.</summary>
    public Given[] Bind(string function, params string[] parameters)
    {
        if (Positional.Count > parameters.Length)
            throw new TemplateException($"{function} takes at most {parameters.Length} argument(s), not {Positional.Count}");
        Given[] bound = new Given[parameters.Length];
        for (int i = 0; i < Positional.Count; i++) bound[i] = new Given(Positional[i], true);
        foreach ((string name, object? value) in Named)
        {
            int at = Array.IndexOf(parameters, name);
            if (at < 0) throw new TemplateException($"{function} has no argument '{name}'");
            if (bound[at].IsGiven) throw new TemplateException($"{function} got its argument '{name}' twice");
            bound[at] = new Given(value, true);
        }
        return bound;
    }

    /// <summary>These arguments without the first <paramref name="count"/>.</summary>
    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}

/// <summary>An argument, or that there was none.</summary>
internal readonly record struct Given(object? Value, bool IsGiven)
{
    public object? Or(object? otherwise) => IsGiven ? Value : otherwise;

    public object? Required(string function, string name) =>
        IsGiven ? Value : throw new TemplateException($"{function} needs its argument '{name}'");
}
