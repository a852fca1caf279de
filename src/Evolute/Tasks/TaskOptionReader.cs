using System.Globalization;
using System.Text.Json.Nodes;

namespace Evolute.Tasks;

/// <summary>Reads a task's options by key, with errors that name the task and the option.</summary>
internal sealed class TaskOptionReader
{
    private readonly string _task;
    private readonly JsonObject _options;

    /// <summary>The options of a task.</summary>
    /// <exception cref="EvoluteInputException">There is a key that is not one of <paramref name="keys"/>.</exception>
    public TaskOptionReader(string task, JsonObject options, params IReadOnlyList<string> keys) : this(task, options)
    {
        foreach ((string key, _) in options)
            if (!keys.Contains(key)) throw new EvoluteInputException($"The task {task} has no option '{key}'.{Suggestion.For(key, keys)}");
    }

    /// <summary>Options whose keys are checked elsewhere.</summary>
    public TaskOptionReader(string task, JsonObject options) => (_task, _options) = (task, options);

    /// <summary>A text, or null where the option is not given.</summary>
    public string? Text(string key) => _options[key]?.ToString();

    /// <summary>The prompt's template, option <c>prompt</c>.</summary>
    /// <exception cref="EvoluteInputException">It is none.</exception>
    public PromptTemplate Prompt(string otherwise) => PromptTemplate.Parse(Text("prompt") ?? otherwise, $"The task {_task}'s prompt");

    /// <summary>One of some names; the first where the option is not given.</summary>
    /// <exception cref="EvoluteInputException">It is none of them.</exception>
    public string Choice(string key, params IReadOnlyList<string> names)
    {
        string given = Text(key) ?? names[0];
        return names.Contains(given) ? given : throw new EvoluteInputException($"The task {_task}'s option '{key}' cannot be '{given}'.{Suggestion.For(given, names)}");
    }

    /// <summary>True or false; false where the option is not given.</summary>
    /// <exception cref="EvoluteInputException">It is neither.</exception>
    public bool Flag(string key) => Choice(key, "false", "true") == "true";

    /// <summary>An integer within bounds.</summary>
    /// <exception cref="EvoluteInputException">It is not.</exception>
    public int Integer(string key, int otherwise, int least, int most) => Text(key) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? value
        : throw new EvoluteInputException($"The task {_task}'s option '{key}' must be an integer from {least} to {most}, not '{text}'.");

    /// <summary>A number within bounds.</summary>
    /// <exception cref="EvoluteInputException">It is not.</exception>
    public double Number(string key, double otherwise, double least, double most) => Text(key) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most ? value
        : throw new EvoluteInputException(string.Create(CultureInfo.InvariantCulture, $"The task {_task}'s option '{key}' must be a number from {least} to {most}, not '{text}'."));
}
