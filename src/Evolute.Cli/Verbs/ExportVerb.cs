using System.CommandLine;
using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Engines.Cpu;
using Evolute.Models;
using Evolute.Models.Gguf;
using Evolute.Runs;
using Evolute.Text;

namespace Evolute.Cli.Verbs;

/// <summary>Writes a model, or a run's weights, for other programs.</summary>
internal sealed class ExportVerb : Verb
{
    private const string HuggingFace = "hf", AsStored = "base";

    private readonly Argument<string> _source;
    private readonly Flag<string> _format, _type;
    private readonly Flag<string?> _output;
    private readonly Flag<int?> _iteration;
    private readonly Flag<int> _threads;
    private readonly Flag<bool> _json;

    public ExportVerb() : base("export", "Write a run's result, or a model, as a Hugging Face folder or as a GGUF file for llama.cpp.")
    {
        _source = AddArgument("RUN|MODEL", "a run's folder, a model's folder, or a model of the hub as ORG/NAME[@REVISION]");
        _format = Add(FlagKinds.Choice("format", "hf for a folder in Hugging Face layout, gguf for one file for llama.cpp", [HuggingFace, "gguf"], HuggingFace));
        _type = Add(FlagKinds.Choice("type", "how weights are stored; base for as they were in the model's files, q8_0 for gguf only", [AsStored, "f32", "f16", "bf16", "q8_0"], AsStored));
        _iteration = Add(FlagKinds.OptionalInteger("iteration", "of a run: the weights after so many iterations (default: the run's result)"));
        _output = Add(FlagKinds.Text("output", "the folder or file to write (default: NAME-FORMAT-TYPE in the current folder)", "PATH"));
        _threads = Add(CommonFlags.Threads());
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "evolute export runs/countdown-1 --format gguf --type q8_0", "evolute export runs/countdown-1 --iteration 40 --type f32 --output at-40",
        "evolute export Qwen/Qwen2.5-0.5B-Instruct --format gguf --type bf16 --output qwen.gguf",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string source = call.Parsed.GetRequiredValue(_source), format = call.Get(_format), type = call.Get(_type);
        if (format == HuggingFace && type == "q8_0") throw new EvoluteInputException("--type: q8_0 is a type of GGUF files; add --format gguf, or choose f32, f16 or bf16.");
        bool run = RunWeights.IsRun(source);
        if (!run && call.Has(_iteration)) throw new EvoluteInputException($"--iteration: {Quoted.Text(source)} is not a run; leave it out, or give a run's folder.");
        ModelFolder? folder = run ? null : ModelFolder.Find(call, source);
        string name = folder?.HubModel?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
        string output = call.Get(_output) ?? $"{name}-{(format == HuggingFace ? "hf-" : "")}{type}{(format == HuggingFace ? "" : ".gguf")}";
        if (Path.Exists(output)) throw new EvoluteInputException($"{output}: --output exists already; choose another name, or remove it first.");
        if (folder is not null)
        {
            ModelDirectory model = ModelDirectory.Open(folder.Path);
            using WeightTable weights = model.LoadWeights();
            Write(call, output, name, model, weights, CardOf(folder));
        }
        else ExportRun(call, source, output, name);
        if (call.Get(_json)) call.WriteJson(new { Output = output, Format = format, Type = type });
        else call.Out.WriteLine(output);
        return ExitCode.Done;
    }

    private void ExportRun(VerbCall call, string run, string output, string name)
    {
        int threads = call.Get(_threads);
        (var engine, ModelDirectory model, int iteration) = RunWeights.At(run, call.Get(_iteration), (spec, weights) => new CpuEngine(spec, weights, threads), call.Cancellation);
        using (engine)
        {
            string final = Path.Combine(run, "final", ModelWriter.CardFile);
            string card = !call.Has(_iteration) && File.Exists(final)
                ? File.ReadAllText(final)
                : string.Create(CultureInfo.InvariantCulture, $"# {name}, iteration {iteration}\n\nWeights of a run of Evolute after {iteration} iterations, rebuilt from the base model and the run's journal.\n");
            Write(call, output, name, model, engine.Weights, card);
        }
    }

    private void Write(VerbCall call, string output, string name, ModelDirectory model, WeightTable weights, string card)
    {
        string type = call.Get(_type);
        if (call.Get(_format) == HuggingFace)
        {
            ModelWriter.Write(output, model, weights, card, new ModelWriteSettings { StoredType = type == AsStored ? null : Enum.Parse<StoredType>(type, ignoreCase: true) });
            return;
        }
        GgufType? stored = type == AsStored ? null : Enum.Parse<GgufType>(type, ignoreCase: true);
        Tokenizer? tokenizer = File.Exists(Path.Combine(model.Path, "tokenizer.json")) ? Tokenizer.Load(model.Path) : null;
        GgufModel file = GgufModel.Of(name, model, weights, stored, call.Streams.Error.WriteLine, tokenizer is null ? null : text => tokenizer.Encode(text));
        Progress.Run(call.Streams, $"Writing {output}", "MiB", ByteProgress.Total(file.Bytes), progress => file.Write(output, new ByteProgress(progress).Advance, call.Cancellation));
    }

    /// <summary>A model's own card; else a line that says where the weights come from.</summary>
    private static string CardOf(ModelFolder folder)
    {
        string own = Path.Combine(folder.Path, ModelWriter.CardFile);
        return File.Exists(own) ? File.ReadAllText(own) : $"# {folder.HubModel?.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path))}\n\nThe weights of {folder.HubModel?.ToString() ?? "a local model"}, written by Evolute.\n";
    }
}
