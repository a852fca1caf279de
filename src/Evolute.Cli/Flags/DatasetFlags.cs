using System.Text.Json.Nodes;
using Evolute.Cli.Settings;
using Evolute.Models;
using Evolute.Tasks;

namespace Evolute.Cli.Flags;

/// <summary>Where a task's problems come from and how they are asked: flags that become options of the task.</summary>
internal sealed class DatasetFlags
{
    private const string PromptOption = "prompt", Where = "FILE|ORG/NAME[:FILE]";

    private readonly Flag<string?>[] _files =
    [
        FlagKinds.Text("dataset", "the problems, for all splits that have no dataset of their own: each row is in one by its hash, or by --task-option split-column=NAME", Where),
        FlagKinds.Text("validation-dataset", "the validation problems", Where),
        FlagKinds.Text("test-dataset", "the test problems", Where),
    ];

    private readonly Flag<string?> _template = CommonFlags.PromptTemplate();

    /// <summary>The flags.</summary>
    public IReadOnlyList<Flag> Flags => [.. _files, _template];

    /// <summary>The task's options: those that are given as such, and what these flags say.</summary>
    /// <param name="call">The call, in which a dataset of the hub is fetched.</param>
    /// <param name="layers">The settings.</param>
    /// <exception cref="EvoluteInputException">A dataset is given as an option, or is not there.</exception>
    /// <exception cref="EvoluteFaultException">A dataset of the hub cannot be fetched.</exception>
    public JsonObject Options(VerbCall call, SettingsLayers layers)
    {
        JsonObject options = layers.MergedTaskOptions;
        foreach (string key in DatasetFiles.FileKeys)
            if (options.ContainsKey(key)) throw new EvoluteInputException($"The task's option {Quoted.Text(key)} is the flag --{key}; give that instead.");
        foreach (Flag<string?> flag in _files)
            if (layers.Get(flag) is { } named) options[flag.Name] = DatasetFile.Find(call, named, flag.Display);
        if (layers.Get(_template) is { } template) options[PromptOption] = TemplateText.Read(template, _template.Display);
        return options;
    }
}
