using System.Text.Json.Nodes;
using Evolute.Cli.Settings;
using Evolute.Models;
using Evolute.Tasks;

namespace Evolute.Cli.Flags;

/// <summary>Where a task's problems come from and how they are asked: flags that become options of the task.</summary>
internal sealed class DatasetFlags
{
    private const string PromptOption = "prompt";

    private readonly Flag<string?>[] _files =
    [
        FlagKinds.Text("dataset", "the problems, for all splits that have no dataset of their own: each row is in one by its hash, or by --task-option split-column=NAME", "FILE"),
        FlagKinds.Text("validation-dataset", "the validation problems", "FILE"),
        FlagKinds.Text("test-dataset", "the test problems", "FILE"),
    ];

    private readonly Flag<string?> _template = CommonFlags.PromptTemplate();

    /// <summary>The flags.</summary>
    public IReadOnlyList<Flag> Flags => [.. _files, _template];

    /// <summary>The task's options: those that are given as such, and what these flags say.</summary>
    /// <exception cref="EvoluteInputException">A dataset is given as an option, or a file is not there.</exception>
    public JsonObject Options(SettingsLayers layers)
    {
        JsonObject options = layers.MergedTaskOptions;
        foreach (string key in DatasetFiles.FileKeys)
            if (options.ContainsKey(key)) throw new EvoluteInputException($"The task's option {Quoted.Text(key)} is the flag --{key}; give that instead.");
        foreach (Flag<string?> flag in _files)
            if (layers.Get(flag) is { } named) options[flag.Name] = Located(named, flag.Display);
        if (layers.Get(_template) is { } template) options[PromptOption] = TemplateText.Read(template, _template.Display);
        return options;
    }

    // In full, since a run may be resumed from another folder.
    private static string Located(string named, string flag) => File.Exists(named) || Directory.Exists(named)
        ? Path.GetFullPath(named)
        : throw new EvoluteInputException($"{flag}: there is no file {Quoted.Text(named)}.");
}
