using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Cli.Settings;

/// <summary>Reads settings from a JSON object with flag names as keys.</summary>
internal static class JsonSettings
{
    /// <summary>The object as a layer.</summary>
    /// <param name="json">Flag names and, under <see cref="SettingsLayers.TaskOptionsKey"/>, the task's options.</param>
    /// <param name="source">The place for people.</param>
    /// <param name="prefix">What stands before a name in error sentences.</param>
    /// <exception cref="EvoluteInputException">A value is not text, a number, true or false, or a list of those.</exception>
    public static SettingsLayer Layer(JsonElement json, string source, string prefix)
    {
        Dictionary<string, IReadOnlyList<string>> values = [];
        JsonObject options = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name == SettingsLayers.TaskOptionsKey) options = Options(property.Value, prefix + property.Name);
            else values.Add(property.Name, Texts(property.Value, prefix + property.Name));
        }
        return new SettingsLayer(source, prefix, values, options);
    }

    /// <summary>A task's options.</summary>
    /// <exception cref="EvoluteInputException">They are not an object.</exception>
    public static JsonObject Options(JsonElement json, string place) => json.ValueKind == JsonValueKind.Object
        ? JsonObject.Create(json)!
        : throw new EvoluteInputException($"{place} must hold an object of options, not {json.ValueKind.ToString().ToLowerInvariant()}.");

    private static IReadOnlyList<string> Texts(JsonElement value, string place) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => Text(item, place))]
        : [Text(value, place)];

    private static string Text(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new EvoluteInputException($"{place} must be text, a number, true or false, or a list of those; leave it out for the default."),
    };
}
