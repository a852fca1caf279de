using System.Globalization;

namespace Evolute.Text.Jinja;

internal delegate object? Filter(object? value, Arguments arguments, Rendering rendering);

/// <summary>The filters, by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Filter> All = new(StringComparer.Ordinal)
    {
        ["default"] = Default,
        ["d"] = Default,
        ["length"] = (value, _, rendering) => Types.Length(value, rendering),
        ["count"] = (value, _, rendering) => Types.Length(value, rendering),
        ["list"] = (value, _, rendering) => new JinjaList(Types.Items(value, rendering)),
        ["string"] = (value, _, rendering) => PythonText.Of(value, rendering),
        ["safe"] = (value, _, rendering) => PythonText.Of(value, rendering),
        ["tojson"] = ToJson,
        ["int"] = ToInteger,
        ["float"] = ToReal,
        ["abs"] = (value, _, rendering) => value is bool b ? b ? 1L : 0L : Comparison.Order(value, 0L, rendering) < 0 ? Arithmetic.Apply("-", 0L, value, rendering) : value,
        ["round"] = Round,
        ["items"] = (value, _, rendering) => value switch
        {
            JinjaMap map => MapMethods.Items(map, rendering) with { Kind = ListKind.Generator },
            Undefined => new JinjaList([], ListKind.Generator),
            _ => throw new TemplateException($"{Types.Name(value)} has no items"),
        },
        ["attr"] = (value, arguments, _) => Access.Attribute(value, Types.Text(arguments.Bind("attr", "name")[0].Required("attr", "name"), "the name")),
    };

    static Filters()
    {
        foreach ((string name, Filter filter) in TextFilters.All) All.Add(name, filter);
        foreach ((string name, Filter filter) in SequenceFilters.All) All.Add(name, filter);
    }

    /// <summary>The filter; one that is not there fails only when it is used, as parts of a template may never be.</summary>
    public static Filter Find(string name) =>
        All.TryGetValue(name, out Filter? filter) ? filter
        : (_, _, _) => throw new TemplateException($"there is no filter '{name}'.{Suggestion.For(name, All.Keys)}");

    public static bool Exists(string name) => All.ContainsKey(name);

    private static object? Default(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("default", "default_value", "boolean");
        bool missing = value is Undefined || (Comparison.IsTrue(bound[1].Or(false)) && !Comparison.IsTrue(value));
        return missing ? bound[0].Or("") : value;
    }

    private static string ToJson(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        if (Comparison.IsTrue(bound[0].Or(false))) throw new TemplateException("tojson with ensure_ascii is not built");
        string? indent = bound[1].Or(null) switch
        {
            null => null,
            string text => text,
            var width => new string(' ', (int)Math.Clamp(Types.Integer(width, "indent"), 0, 64)),
        };
        string item = indent is null ? ", " : ",", key = ": ";
        if (bound[2].Or(null) is { } separators)
        {
            if (separators is not JinjaList { Items: [string i, string k] }) throw new TemplateException("the separators of tojson are two texts");
            (item, key) = (i, k);
        }
        return new JsonText(indent, item, key, Comparison.IsTrue(bound[3].Or(false)), rendering).Write(value);
    }

    private static object? ToInteger(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("int", "default", "base");
        if (Types.Integer(bound[1].Or(10L), "base") != 10) throw new TemplateException("int reads base 10 only");
        object? otherwise = bound[0].Or(0L);
        return value switch
        {
            long i => i,
            bool b => b ? 1L : 0L,
            double d => Whole(d) ?? otherwise,
            string s when long.TryParse(s.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long i) => i,
            string s when Real(s) is double d => Whole(d) ?? otherwise,
            _ => otherwise,
        };
    }

    private static object? ToReal(object? value, Arguments arguments, Rendering rendering) => value switch
    {
        long i => (double)i,
        bool b => b ? 1.0 : 0.0,
        double d => d,
        string s when Real(s) is double d => d,
        _ => arguments.Bind("float", "default")[0].Or(0.0),
    };

    private static double? Real(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static long? Whole(double value) => Math.Abs(value) < 9.2e18 ? (long)value : null;

    private static object? Round(object? value, Arguments arguments, Rendering rendering)
    {
        Given[] bound = arguments.Bind("round", "precision", "method");
        int precision = (int)Math.Clamp(Types.Integer(bound[0].Or(0L), "precision"), 0, 15);
        string method = Types.Text(bound[1].Or("common"), "method");
        if (value is long or bool && method == "common") return Types.Integer(value, "a number");
        double number = value is double d ? d : Types.Integer(value, "what to round"), scale = Math.Pow(10, precision);
        return method switch
        {
            "common" => Math.Round(number, precision, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => throw new TemplateException("the method of round is common, ceil or floor"),
        };
    }
}
