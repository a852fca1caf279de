using Evolute.Engines;
using Evolute.Generation;
using Evolute.Models;

namespace Evolute.Cli.Flags;

/// <summary>Flags that many verbs have, with one meaning.</summary>
internal static class CommonFlags
{
    /// <summary>A model's folder.</summary>
    public static Flag<string?> Model() =>
        FlagKinds.Text("model", $"a model's folder in Hugging Face layout, or a model of the hub, ORG/NAME[@REVISION] (default: the bundled {BundledModel.Name})", "DIR|ORG/NAME");

    /// <summary>Threads of the CPU engine.</summary>
    public static Flag<int> Threads() =>
        FlagKinds.Integer("threads", "threads to use; results do not depend on it", Environment.ProcessorCount, 1, 4096);

    /// <summary>Sequences in flight.</summary>
    public static Flag<int> BatchSize() =>
        FlagKinds.Integer("batch-size", "sequences in flight, a matter of memory and speed; 0 for what suits the device", 0, 0, 1 << 16);

    /// <summary>Whether tokens are drafted.</summary>
    public static Flag<string> Speculate() => FlagKinds.Choice(
        "speculate", "draft tokens from earlier answers to the same prompt; results do not depend on it", [.. Enum.GetNames<Speculation>().Select(n => n.ToLowerInvariant())], "auto");

    /// <summary>Repeats that end a response.</summary>
    public static Flag<int> StopLoops() =>
        FlagKinds.Integer("stop-loops", "cut a response off that repeats the same up to 64 tokens this many times in a row; changes results; 0 never does", 0);

    /// <summary>The device to run on.</summary>
    public static Flag<string> Device() => new(
        new TextOption("device", "the device to run on (default cpu)", "cpu"), "cpu",
        (texts, place) => FlagKinds.Single(texts, place) switch
        {
            "cpu" => "cpu",
            var cuda when cuda == "cuda" || cuda.StartsWith("cuda:", StringComparison.Ordinal) =>
                throw new EvoluteInputException($"{place}: this build has no CUDA engine; use --device cpu."),
            var other => throw new EvoluteInputException($"{place}: there is no device {Quoted.Text(other)}; use cpu."),
        });

    /// <summary>What the engine's working copy of the matrices is held in.</summary>
    public static Flag<PackedType> Packed() => FlagKinds.Enumeration("packed", "what perturbed matrices are held in; bfloat16 halves the memory to read and rounds, so it changes results", PackedType.Float32);

    /// <summary>Patterns of the only tensors to train.</summary>
    public static Flag<IReadOnlyList<string>> TrainOnly() => FlagKinds.Texts("train-only", "train only tensors whose names match, e.g. *.self_attn.*; 'evolute inspect' shows which do", "GLOB");

    /// <summary>Patterns of tensors to leave.</summary>
    public static Flag<IReadOnlyList<string>> Freeze() => FlagKinds.Texts("freeze", "leave tensors whose names match as they are", "GLOB");

    /// <summary>Results for machines.</summary>
    public static Flag<bool> Json() => FlagKinds.Switch("json", "write one JSON object to standard output");

    /// <summary>The words of a task's prompts.</summary>
    public static Flag<string?> PromptTemplate() =>
        FlagKinds.Text("prompt-template", "the prompt, with {column} where a column of the row goes, and {{ }} for braces (default: the task's own)", "TEXT|@FILE");

    /// <summary>Options of a task, <c>key=value</c>.</summary>
    public static Flag<IReadOnlyList<string>> TaskOption() =>
        FlagKinds.Texts("task-option", "an option of the task, e.g. max-number=30", "KEY=VALUE");
}
