using System.CommandLine;
using System.Text.Json.Nodes;
using Evolute.Cli.Flags;
using Evolute.Models;

namespace Evolute.Cli.Settings;

/// <summary>
/// A verb's settings from all the places that can give them: defaults, then the model's own file, then <c>--config</c>, then the command
/// line; the later wins, and task options are merged key by key.
/// </summary>
internal sealed class SettingsLayers
{
    /// <summary>The key of the task's options in a settings file.</summary>
    public const string TaskOptionsKey = "task-options";

    private readonly Dictionary<string, Flag> _flags;
    private readonly List<SettingsLayer> _layers = [];
    private SettingsLayer? _model;

    /// <summary>The layers of a call, the model's own file apart.</summary>
    /// <param name="flags">The flags that may be set in files.</param>
    /// <param name="commandLine">The call.</param>
    /// <param name="configFile">The file that <c>--config</c> names, if any.</param>
    /// <param name="taskOption">The flag <c>--task-option</c>.</param>
    /// <exception cref="EvoluteInputException">A setting is unknown or not a value of its flag; the sentence names the place.</exception>
    public SettingsLayers(IEnumerable<Flag> flags, ParseResult commandLine, string? configFile, Flag<IReadOnlyList<string>> taskOption)
    {
        _flags = flags.ToDictionary(f => f.Name, StringComparer.Ordinal);
        if (configFile is not null) AddChecked(ConfigFile.Read(configFile), _layers.Count);
        Dictionary<string, IReadOnlyList<string>> given = [];
        foreach (Flag flag in _flags.Values)
            if (flag.Given(commandLine) is { } texts) given.Add(flag.Name, texts);
        AddChecked(new SettingsLayer("the command line", "--", given, TaskOptions.Read(taskOption.Given(commandLine) ?? [], taskOption.Display)), _layers.Count);
    }

    /// <summary>
    /// Puts the model's own settings (<c>evolute.json</c> in its folder) under everything else. The model itself may come from the layers above.
    /// </summary>
    /// <exception cref="EvoluteInputException">The file is damaged, or a setting in it is wrong.</exception>
    public void AddModelSettings(string modelDirectory, string verb, string task)
    {
        _model = ModelSettingsFile.Read(modelDirectory, verb, task);
        if (_model is not null) AddChecked(_model, 0);
    }

    /// <summary>The task's options, merged.</summary>
    public JsonObject MergedTaskOptions
    {
        get
        {
            JsonObject merged = [];
            foreach (SettingsLayer layer in _layers)
                foreach ((string key, JsonNode? value) in layer.TaskOptions) merged[key] = value?.DeepClone();
            return merged;
        }
    }

    /// <summary>A flag's value.</summary>
    public T Get<T>(Flag<T> flag) => Highest(flag) is { } layer ? flag.Parse(layer.Values[flag.Name], layer.Prefix + flag.Name) : flag.Default;

    /// <summary>What the places that give a flag say, the one in force first.</summary>
    public IEnumerable<T> All<T>(Flag<T> flag) => _layers.AsEnumerable().Reverse().Where(l => l.Values.ContainsKey(flag.Name)).Select(l => flag.Parse(l.Values[flag.Name], l.Prefix + flag.Name));

    /// <summary>Whether any place gives the flag.</summary>
    public bool Has(Flag flag) => Highest(flag) is not null;

    /// <summary>Whether the user gives the flag, so that it is no default, be it the model's own.</summary>
    public bool IsAsked(Flag flag) => Highest(flag) is { } layer && layer != _model;

    /// <summary>Where a flag's value comes from, for people.</summary>
    public string SourceOf(Flag flag) => Highest(flag)?.Source ?? "the default";

    /// <summary>What was given where, for people: a sentence for every place whose settings are in force.</summary>
    public IEnumerable<string> Origins()
    {
        foreach (SettingsLayer layer in _layers)
        {
            string[] given = [.. layer.Values.Where(v => Highest(_flags[v.Key]) == layer).Select(v => $"{v.Key} {string.Join(' ', v.Value)}")];
            if (given.Length > 0) yield return $"From {layer.Source}: {string.Join(", ", given)}.";
        }
        JsonObject options = MergedTaskOptions;
        if (options.Count > 0) yield return $"Task options: {string.Join(", ", options.Select(o => $"{o.Key} {o.Value}"))}.";
    }

    private SettingsLayer? Highest(Flag flag) => _layers.FindLast(l => l.Values.ContainsKey(flag.Name));

    private void AddChecked(SettingsLayer layer, int index)
    {
        foreach ((string name, IReadOnlyList<string> texts) in layer.Values)
        {
            if (!_flags.TryGetValue(name, out Flag? flag))
                throw new EvoluteInputException($"{layer.Source}: there is no setting {Quoted.Text(name)}.{Suggestion.For(name, _flags.Keys.Append(TaskOptionsKey))}");
            flag.Check(texts, layer.Prefix + name);
        }
        _layers.Insert(index, layer);
    }
}
