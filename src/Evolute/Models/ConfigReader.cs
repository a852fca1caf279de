using System.Text.Json;

namespace Evolute.Models;

/// <summary>
/// Typed, range-checked access to an object of config.json, tokenizer.json and their like. A key that is absent and one that is null read alike, as they do
/// in transformers.
/// </summary>
internal sealed class ConfigReader(JsonElement json, string file, string prefix = "")
{
    /// <summary>The file's path, for messages.</summary>
    public string File { get; } = file;

    public JsonElement Json { get; } = json;

    /// <summary>The keys of the object that are not null.</summary>
    public IEnumerable<string> Keys => Json.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => p.Name);

    public bool Has(string key) => Get(key) is not null;

    public JsonElement? Get(string key) =>
        Json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public int Int(string key, int min, int max) => OptionalInt(key, min, max) ?? throw Missing(key);

    public int? OptionalInt(string key, int min, int max) =>
        Get(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max ? number
        : throw Bad(key, $"a whole number from {min} to {max}");

    public double Double(string key, double min, double max) => OptionalDouble(key, min, max) ?? throw Missing(key);

    public double? OptionalDouble(string key, double min, double max) =>
        Get(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max ? number
        : throw Bad(key, FormattableString.Invariant($"a number from {min} to {max}"));

    /// <summary>A list of numbers.</summary>
    public IReadOnlyList<double> Doubles(string key, double min, double max)
    {
        if (Get(key) is not JsonElement value) throw Missing(key);
        List<double> numbers = [];
        foreach (JsonElement element in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().AsEnumerable() : [value])
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out double number) || !(number >= min && number <= max))
                throw Bad(key, FormattableString.Invariant($"a list of numbers from {min} to {max}"));
            numbers.Add(number);
        }
        return numbers;
    }

    public bool? OptionalBool(string key) =>
        Get(key) is not JsonElement value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Bad(key, "true or false");

    public string? OptionalString(string key) =>
        Get(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(key, "a string");

    public IReadOnlyList<string>? OptionalStrings(string key)
    {
        if (Get(key) is not JsonElement value) return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            throw Bad(key, "a list of strings");
        return [.. value.EnumerateArray().Select(e => e.GetString()!)];
    }

    /// <summary>A whole number or a list of them, as end tokens are written.</summary>
    public IReadOnlyList<int>? OptionalIntOrList(string key, int min, int max)
    {
        if (Get(key) is not JsonElement value) return null;
        List<int> numbers = [];
        foreach (JsonElement element in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().AsEnumerable() : [value])
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int number) || number < min || number > max)
                throw Bad(key, $"a whole number from {min} to {max}, or a list of such");
            numbers.Add(number);
        }
        return numbers;
    }

    public ConfigReader? OptionalObject(string key) =>
        Get(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigReader(value, File, prefix + key + ".")
        : throw Bad(key, "an object");

    /// <summary>A reader of one element of a list of objects.</summary>
    public ConfigReader Element(string key, int index, JsonElement element) => new(element, File, $"{prefix}{key}[{index}].");

    /// <summary>An error that says what a key must be.</summary>
    public EvoluteInputException Bad(string key, string wanted) =>
        new($"{File}: {prefix}{key} must be {wanted}, not {Shown(Get(key))}.");

    /// <summary>An error that says that a key's value asks for something that is not built.</summary>
    public EvoluteInputException Unsupported(string key, string reason) =>
        new($"{File}: {prefix}{key} = {Shown(Get(key))} is not supported: {reason}.");

    private EvoluteInputException Missing(string key) => new($"{File}: {prefix}{key} is missing.");

    private static string Shown(JsonElement? value) => Quoted.Text(value?.GetRawText() ?? "null");
}
