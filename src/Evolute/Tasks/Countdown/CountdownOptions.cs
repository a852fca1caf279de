using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolute.Tasks.Countdown;

/// <summary>What Countdown problems look like; the defaults are those of arXiv 2509.24372. All bounds are inclusive.</summary>
public sealed record CountdownOptions
{
    /// <summary>Fewest numbers in a problem (option <c>min-count</c>).</summary>
    public int MinCount { get; init; } = 3;

    /// <summary>Most numbers in a problem (option <c>max-count</c>).</summary>
    public int MaxCount { get; init; } = 4;

    /// <summary>Smallest number (option <c>min-number</c>).</summary>
    public int MinNumber { get; init; } = 1;

    /// <summary>Largest number (option <c>max-number</c>).</summary>
    public int MaxNumber { get; init; } = 99;

    /// <summary>Smallest target (option <c>min-target</c>).</summary>
    public int MinTarget { get; init; } = 10;

    /// <summary>Largest target (option <c>max-target</c>).</summary>
    public int MaxTarget { get; init; } = 100;

    /// <summary><c>paper</c>, <c>compact</c>, or a text with <c>{numbers}</c> and <c>{target}</c> (option <c>prompt</c>).</summary>
    public string Prompt { get; init; } = CountdownPrompt.Paper;

    /// <summary>Where problems come from that are not made; the options above say nothing of those.</summary>
    internal DatasetFiles Files { get; init; } = new(null, null, null, null);

    private static readonly string[] Keys =
        ["min-count", "max-count", "min-number", "max-number", "min-target", "max-target", "prompt", .. DatasetFiles.Keys];

    /// <summary>Reads options by key and checks them.</summary>
    /// <exception cref="EvoluteInputException">An unknown key or a value out of range.</exception>
    public static CountdownOptions From(JsonObject options)
    {
        CountdownOptions result = new() { Files = DatasetFiles.From(new(CountdownTask.TaskName, options)) };
        foreach ((string key, JsonNode? value) in options)
            result = key switch
            {
                "min-count" => result with { MinCount = Integer(key, value) },
                "max-count" => result with { MaxCount = Integer(key, value) },
                "min-number" => result with { MinNumber = Integer(key, value) },
                "max-number" => result with { MaxNumber = Integer(key, value) },
                "min-target" => result with { MinTarget = Integer(key, value) },
                "max-target" => result with { MaxTarget = Integer(key, value) },
                "prompt" => result with { Prompt = value?.GetValueKind() == JsonValueKind.String ? (string)value! : throw NotA(key, value, "text") },
                _ when DatasetFiles.Keys.Contains(key) => result,
                _ => throw new EvoluteInputException($"Countdown has no option '{key}'.{Suggestion.For(key, Keys)}"),
            };
        result.Validate();
        return result;
    }

    /// <summary>Checks ranges and the prompt.</summary>
    /// <exception cref="EvoluteInputException">A value out of range; the sentence names the option.</exception>
    internal void Validate()
    {
        Require("count", MinCount, MaxCount, Solver.MinCount, Solver.MaxCount);
        Require("number", MinNumber, MaxNumber, 0, Solver.MaxNumber);
        Require("target", MinTarget, MaxTarget, -Solver.MaxTarget, Solver.MaxTarget);
        CountdownPrompt.Validate(Prompt);
    }

    private static void Require(string what, int min, int max, int least, int most)
    {
        if (min < least || max > most)
            throw new EvoluteInputException($"Countdown's min-{what} and max-{what} must be within {least} to {most}, not {min} to {max}.");
        if (min > max)
            throw new EvoluteInputException($"Countdown's min-{what} ({min}) is above its max-{what} ({max}).");
    }

    private static int Integer(string key, JsonNode? value) =>
        int.TryParse(value?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int result)
            ? result
            : throw NotA(key, value, "an integer");

    private static EvoluteInputException NotA(string key, JsonNode? value, string kind) =>
        new($"Countdown's option '{key}' must be {kind}, not {value?.ToJsonString() ?? "null"}.");
}
