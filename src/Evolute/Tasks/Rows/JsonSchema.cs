using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolute.Tasks.Rows;

/// <summary>
/// A JSON schema of the usual keywords (JSON Schema 2020-12: type, enum, const, properties, required, additionalProperties, items, the bounds of numbers, lengths and counts, pattern, allOf, anyOf,
/// oneOf, not). One with any other keyword is refused, since it would be obeyed in part only.
/// </summary>
internal sealed class JsonSchema
{
    private static readonly ImmutableArray<string> Types = ["null", "boolean", "integer", "number", "string", "array", "object"];

    // They say nothing of what is valid.
    private static readonly ImmutableArray<string> Remarks = ["$schema", "$id", "$comment", "title", "description", "default", "examples"];

    private static readonly ImmutableArray<string> Known =
    [
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "allOf", "anyOf", "oneOf", "not",
    ];

    private readonly List<Func<JsonElement, bool>> _rules = [];

    /// <summary>Reads a schema.</summary>
    /// <param name="json">An object, or true or false.</param>
    /// <param name="what">What it is called in error sentences.</param>
    /// <exception cref="EvoluteInputException">It is ill-formed, or has a keyword that is not known.</exception>
    public static JsonSchema Parse(JsonElement json, string what)
    {
        JsonSchema schema = new();
        if (json.ValueKind == JsonValueKind.True) return schema;
        if (json.ValueKind == JsonValueKind.False)
        {
            schema._rules.Add(_ => false);
            return schema;
        }
        if (json.ValueKind != JsonValueKind.Object) throw new EvoluteInputException($"{what}: a schema must be an object.");
        foreach (JsonProperty keyword in json.EnumerateObject()) schema.Add(keyword.Name, keyword.Value.Clone(), json, what);
        return schema;
    }

    /// <summary>Whether a value is as the schema says.</summary>
    public bool Describes(JsonElement value)
    {
        foreach (Func<JsonElement, bool> rule in _rules)
            if (!rule(value)) return false;
        return true;
    }

    private void Add(string keyword, JsonElement value, JsonElement schema, string what)
    {
        if (Remarks.Contains(keyword)) return;
        if (!Known.Contains(keyword)) throw new EvoluteInputException($"{what}: the schema's keyword '{keyword}' is not known.{Suggestion.For(keyword, Known)}");
        string at = $"{what}: the schema's '{keyword}'";
        _rules.Add(keyword switch
        {
            "type" => OfType(value, at),
            "enum" when value.ValueKind == JsonValueKind.Array => v => value.EnumerateArray().Any(e => JsonElement.DeepEquals(e, v)),
            "const" => v => JsonElement.DeepEquals(value, v),
            "properties" => Properties(value, at),
            "required" => Required(value, at),
            "additionalProperties" => Additional(value, schema, at),
            "items" => Items(Parse(value, at)),
            "minItems" => Counted(JsonValueKind.Array, v => v.GetArrayLength(), value, at, (n, bound) => n >= bound),
            "maxItems" => Counted(JsonValueKind.Array, v => v.GetArrayLength(), value, at, (n, bound) => n <= bound),
            "minProperties" => Counted(JsonValueKind.Object, v => v.GetPropertyCount(), value, at, (n, bound) => n >= bound),
            "maxProperties" => Counted(JsonValueKind.Object, v => v.GetPropertyCount(), value, at, (n, bound) => n <= bound),
            "minLength" => Counted(JsonValueKind.String, Length, value, at, (n, bound) => n >= bound),
            "maxLength" => Counted(JsonValueKind.String, Length, value, at, (n, bound) => n <= bound),
            "minimum" => Bounded(value, at, (n, bound) => n >= bound),
            "maximum" => Bounded(value, at, (n, bound) => n <= bound),
            "exclusiveMinimum" => Bounded(value, at, (n, bound) => n > bound),
            "exclusiveMaximum" => Bounded(value, at, (n, bound) => n < bound),
            "pattern" when value.ValueKind == JsonValueKind.String => Pattern(RegexMatch.Compile(value.GetString()!, RegexOptions.None, at)),
            "allOf" => Several(value, at, (schemas, v) => schemas.All(s => s.Describes(v))),
            "anyOf" => Several(value, at, (schemas, v) => schemas.Any(s => s.Describes(v))),
            "oneOf" => Several(value, at, (schemas, v) => schemas.Count(s => s.Describes(v)) == 1),
            "not" when Parse(value, at) is var schemaOfNot => v => !schemaOfNot.Describes(v),
            _ => throw new EvoluteInputException($"{at} is ill-formed."),
        });
    }

    private static Func<JsonElement, bool> OfType(JsonElement value, string at)
    {
        string[] names = Texts(value.ValueKind == JsonValueKind.String ? [value] : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [], at);
        if (names.Length == 0) throw new EvoluteInputException($"{at} must be a type's name, or a list of them.");
        if (names.FirstOrDefault(n => !Types.Contains(n)) is { } unknown) throw new EvoluteInputException($"{at} cannot be '{unknown}'.{Suggestion.For(unknown, Types)}");
        return v => names.Any(name => name switch
        {
            "null" => v.ValueKind == JsonValueKind.Null,
            "boolean" => v.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => v.ValueKind == JsonValueKind.Number && (v.TryGetInt64(out _) || (v.TryGetDouble(out double number) && Math.Floor(number) == number)),
            "number" => v.ValueKind == JsonValueKind.Number,
            "string" => v.ValueKind == JsonValueKind.String,
            "array" => v.ValueKind == JsonValueKind.Array,
            _ => v.ValueKind == JsonValueKind.Object,
        });
    }

    private static Func<JsonElement, bool> Properties(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new EvoluteInputException($"{at} must be an object of schemas.");
        Dictionary<string, JsonSchema> schemas = value.EnumerateObject().ToDictionary(p => p.Name, p => Parse(p.Value, $"{at}, '{p.Name}'"), StringComparer.Ordinal);
        return v => v.ValueKind != JsonValueKind.Object || v.EnumerateObject().All(p => !schemas.TryGetValue(p.Name, out JsonSchema? schema) || schema.Describes(p.Value));
    }

    private static Func<JsonElement, bool> Required(JsonElement value, string at)
    {
        string[] names = Texts(value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new EvoluteInputException($"{at} must be a list of names."), at);
        return v => v.ValueKind != JsonValueKind.Object || names.All(name => v.TryGetProperty(name, out _));
    }

    private static Func<JsonElement, bool> Additional(JsonElement value, JsonElement schema, string at)
    {
        JsonSchema others = Parse(value, at);
        HashSet<string> named = schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject().Select(p => p.Name)]
            : [];
        return v => v.ValueKind != JsonValueKind.Object || v.EnumerateObject().All(p => named.Contains(p.Name) || others.Describes(p.Value));
    }

    private static Func<JsonElement, bool> Items(JsonSchema items) => v => v.ValueKind != JsonValueKind.Array || v.EnumerateArray().All(items.Describes);

    private static Func<JsonElement, bool> Pattern(Regex pattern) => v => v.ValueKind != JsonValueKind.String || pattern.IsMatch(v.GetString()!);

    private static Func<JsonElement, bool> Several(JsonElement value, string at, Func<JsonSchema[], JsonElement, bool> rule)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw new EvoluteInputException($"{at} must be a list of schemas.");
        JsonSchema[] schemas = [.. value.EnumerateArray().Select((s, i) => Parse(s, string.Create(CultureInfo.InvariantCulture, $"{at}, {i + 1}")))];
        return v => rule(schemas, v);
    }

    private static Func<JsonElement, bool> Counted(JsonValueKind kind, Func<JsonElement, int> count, JsonElement value, string at, Func<int, int, bool> rule)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int bound) || bound < 0) throw new EvoluteInputException($"{at} must be a whole number from 0.");
        return v => v.ValueKind != kind || rule(count(v), bound);
    }

    private static Func<JsonElement, bool> Bounded(JsonElement value, string at, Func<double, double, bool> rule)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double bound)) throw new EvoluteInputException($"{at} must be a number.");
        return v => v.ValueKind != JsonValueKind.Number || (v.TryGetDouble(out double number) && rule(number, bound));
    }

    // In code points, as the standard counts.
    private static int Length(JsonElement text) => text.GetString() is { } value ? value.Length - value.Count(char.IsLowSurrogate) : 0;

    private static string[] Texts(IEnumerable<JsonElement> values, string at) =>
        [.. values.Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : throw new EvoluteInputException($"{at} must hold strings only."))];
}
