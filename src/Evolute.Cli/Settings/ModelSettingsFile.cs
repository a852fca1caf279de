using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Models;
using Evolute.Tasks;

namespace Evolute.Cli.Settings;

/// <summary>
/// Reads a model's own settings, <c>evolute.json</c> in its folder: <c>{"task":{"countdown":{option:value}},"train":{flag:value},"eval":{flag:value}}</c>.
/// </summary>
internal static class ModelSettingsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = ModelFiles.OwnSettings;

    private const string TaskSection = "task";

    private static readonly string[] Sections = [TaskSection, "train", "eval"];

    /// <summary>What the file says for a verb and a task, or null where there is no file.</summary>
    /// <exception cref="EvoluteInputException">The file is damaged or has an unknown key.</exception>
    public static SettingsLayer? Read(string modelDirectory, string verb, string task)
    {
        string path = Path.Combine(modelDirectory, Name);
        if (JsonFile.ReadObject(path, ConfigFile.MaxBytes) is not JsonElement json) return null;
        CheckKeys(json, Sections, path);
        SettingsLayer layer = json.TryGetProperty(verb, out JsonElement section) && Sections.Contains(verb)
            ? JsonSettings.Layer(AsObject(section, $"{path}: {verb}"), path, $"{path}: {verb}.")
            : new SettingsLayer(path, $"{path}: ", new Dictionary<string, IReadOnlyList<string>>(), []);
        return layer with { TaskOptions = OptionsOf(json, task, path) };
    }

    private static JsonObject OptionsOf(JsonElement json, string task, string path)
    {
        if (!json.TryGetProperty(TaskSection, out JsonElement tasks)) return [];
        CheckKeys(AsObject(tasks, $"{path}: {TaskSection}"), TaskCatalog.Names, path);
        return tasks.TryGetProperty(task, out JsonElement options) ? JsonSettings.Options(options, $"{path}: {TaskSection}.{task}") : [];
    }

    private static JsonElement AsObject(JsonElement json, string place) => json.ValueKind == JsonValueKind.Object
        ? json
        : throw new EvoluteInputException($"{place} must hold an object.");

    private static void CheckKeys(JsonElement json, IReadOnlyList<string> known, string path)
    {
        foreach (JsonProperty property in json.EnumerateObject())
            if (!known.Contains(property.Name)) throw new EvoluteInputException($"{path}: there is no place for {Quoted.Text(property.Name)}.{Suggestion.For(property.Name, known)}");
    }
}
