using Evolute.Cli.Bench;
using Evolute.Cli.Flags;
using Evolute.Cli.Settings;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Runs;
using Evolute.Tasks;
using static Evolute.Cli.Bench.StageNames;

namespace Evolute.Cli.Verbs;

/// <summary>Measures the machine and the engine on it.</summary>
internal sealed class BenchVerb : Verb
{
    private static readonly string[] AllStages = [Machine, Prefill, Decode, Iteration, StageNames.Noise];

    private readonly Flag<string?> _model, _shape, _task, _against, _exportGguf, _exportHf;
    private readonly Flag<IReadOnlyList<string>> _stages;
    private readonly Flag<IReadOnlyList<int>> _batches;
    private readonly Flag<string> _againstStage;
    private readonly Flag<int> _repeats, _prefillPrompts, _prefillTokens, _context, _decodeSteps, _promptTokens, _againstBatch, _againstTimeout;
    private readonly Flag<int?> _population, _prompts, _maxNewTokens;
    private readonly Flag<ulong> _seed;
    private readonly Flag<PackedType> _packed;
    private readonly EngineFlags _engine;
    private readonly Flag<bool> _json;

    public BenchVerb() : base("bench", "Measure this machine's limits and how near the engine comes to them: prefill, decoding, iterations of training, noise.")
    {
        _model = Add(CommonFlags.Model());
        _shape = Add(FlagKinds.Text("shape", $"a model of this shape with random weights instead: a config.json, or {string.Join(", ", ShapeCatalog.Names)}", "NAME|FILE"));
        _task = Add(FlagKinds.Text("task", $"measure iterations of training for this task, as 'train' does them: {string.Join(", ", TaskCatalog.Names)}", "TASK"));
        _stages = Add(FlagKinds.Choices("stages", "what to measure; population compares full, low-rank and no noise", [.. AllStages, Population], AllStages));
        _repeats = Add(FlagKinds.Integer("repeats", "measurements of each stage, of which the median counts", 5, 1, 1000));
        _prefillPrompts = Add(FlagKinds.Integer("prefill-prompts", "prompts of the prefill", 64, 1, 1 << 16));
        _prefillTokens = Add(FlagKinds.Integer("prefill-tokens", "tokens of each of them", 100, 1, 1 << 20));
        _batches = Add(FlagKinds.Integers("batches", "sequences that decode side by side, a row for each number", [1, 2, 4, 8, 16, 32, 64, 128, 256], 1, 1 << 16));
        _context = Add(FlagKinds.Integer("context", "tokens that a decoding sequence has before it", 100, 0, 1 << 20));
        _decodeSteps = Add(FlagKinds.Integer("decode-steps", "tokens that each sequence decodes in a measurement", 16, 1, 1 << 16));
        _population = Add(FlagKinds.OptionalInteger("population", "members of an iteration (default 4, or the task's)"));
        _prompts = Add(FlagKinds.OptionalInteger("prompts", "prompts of an iteration (default 32, or the task's)"));
        _promptTokens = Add(FlagKinds.Integer("prompt-tokens", "tokens of each of them, where there is no task", 64, 1, 1 << 20));
        _maxNewTokens = Add(FlagKinds.OptionalInteger("max-new-tokens", "new tokens of each response (default 32, or the task's most)"));
        _against = Add(FlagKinds.Text("against", "a command that measures the same in another program and prints its tokens a second last; the two take turns", "COMMAND"));
        _againstStage = Add(FlagKinds.Choice("against-stage", "what the two measure", [Prefill, Decode], Decode));
        _againstBatch = Add(FlagKinds.Integer("against-batch", "sequences that decode side by side against the command", 1, 1, 1 << 16));
        _againstTimeout = Add(FlagKinds.Integer("against-timeout", "seconds after which the command is killed", 600, 1, 1 << 20));
        _exportGguf = Add(FlagKinds.Text("export-gguf", "write the model that is measured as a GGUF file of float32", "FILE"));
        _exportHf = Add(FlagKinds.Text("export-hf", "write the model that is measured as a folder in Hugging Face layout, of float32", "DIR"));
        _seed = Add(FlagKinds.Seed("seed", "of random weights and prompts", 1));
        _packed = Add(CommonFlags.Packed());
        _engine = new EngineFlags(Command);
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "evolute bench --task countdown",
        "evolute bench --shape qwen2.5-0.5b --stages prefill,decode --batches 1,8,64 --repeats 3 --json",
        """evolute bench --shape smollm2-135m --export-gguf peer.gguf --against "./peer peer.gguf" --against-stage decode --against-batch 8""",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        if (call.Has(_model) && call.Has(_shape)) throw new EvoluteInputException("Give either --model or --shape.");
        if (call.Has(_task) && call.Has(_shape)) throw new EvoluteInputException("--task asks a model with a tokenizer; give it --model, not --shape.");
        foreach (Flag<string?> export in (Flag<string?>[])[_exportGguf, _exportHf])
            if (call.Get(export) is { } path && Path.Exists(path)) throw new EvoluteInputException($"{path}: {export.Display} exists already; choose another name, or remove it first.");
        TrainSettings train = new();
        SettingsLayers layers = new([.. train.Flags, .. _engine.Flags], call.Parsed, null, train.TaskOption);
        BenchSettings settings = Settings(call, layers);
        bool measuresModel = settings.Stages.Any(s => s != Machine) || Exports(call) || call.Has(_against);
        BenchModel? model = !measuresModel ? null : call.Get(_shape) is { } shape ? BenchModel.OfShape(shape) : BenchModel.OfFolder(ModelFolder.Of(call, call.Get(_model)));
        RunInput? training = null;
        if (model is not null && call.Get(_task) is { } task) (settings, training) = Training(call, settings, model, task, train, layers);
        PeerSettings? peer = call.Get(_against) is { } command
            ? new(command, call.Get(_againstStage), call.Get(_againstBatch), TimeSpan.FromSeconds(call.Get(_againstTimeout)))
            : null;
        if (model is not null) BenchMemory.Require(model, settings, peer, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        BenchReport report = new BenchRun(call, settings, peer).Execute(model, training, call.Get(_exportGguf), call.Get(_exportHf));
        if (call.Get(_json)) call.WriteJson(report);
        else report.Write(call.Out);
        return ExitCode.Done;
    }

    private bool Exports(VerbCall call) => call.Has(_exportGguf) || call.Has(_exportHf);

    private BenchSettings Settings(VerbCall call, SettingsLayers layers) => new()
    {
        // Who asks for a comparison or a file wants that; other stages come on top where they are named.
        Stages = call.Has(_stages) ? call.Get(_stages) : call.Has(_against) || Exports(call) ? [] : AllStages,
        Repeats = call.Get(_repeats),
        PrefillPrompts = call.Get(_prefillPrompts),
        PrefillTokens = call.Get(_prefillTokens),
        Batches = call.Get(_batches),
        Context = call.Get(_context),
        DecodeSteps = call.Get(_decodeSteps),
        Evolution = With(call, new EvolutionSettings { Population = 4, Prompts = 32, MaxNewTokens = 32, Seed = call.Get(_seed) }),
        PromptTokens = call.Get(_promptTokens),
        Execution = _engine.Execution(layers),
        Threads = layers.Get(_engine.Threads),
        Packed = call.Get(_packed),
    };

    /// <summary>A training's settings as <c>evolute train TASK</c> takes them from the model's folder, and its input.</summary>
    private (BenchSettings, RunInput) Training(VerbCall call, BenchSettings settings, BenchModel model, string task, TrainSettings train, SettingsLayers layers)
    {
        TaskCatalog.Create(task);
        layers.AddModelSettings(model.Directory!.Path, "train", task);
        RunSettings run = train.Resolve(new RunSettings { Model = Path.GetFullPath(model.Directory.Path), Task = task }, layers, layers.MergedTaskOptions);
        // Of the other splits nothing is used.
        run = run with { Evolution = With(call, run.Evolution), EvalProblems = 1 };
        RunInput input = RunInput.Open(run);
        return (settings with { Evolution = run.Evolution, Packed = call.Has(_packed) ? settings.Packed : run.Packed, PromptTokens = input.Problems[TaskSplit.Train].Max(p => p.Ids.Length) }, input);
    }

    private EvolutionSettings With(VerbCall call, EvolutionSettings settings)
    {
        int prompts = call.Get(_prompts) ?? settings.Prompts;
        settings = settings with
        {
            Population = call.Get(_population) ?? settings.Population,
            Prompts = prompts,
            TrainProblems = Math.Max(prompts, settings.TrainProblems),
            MaxNewTokens = call.Get(_maxNewTokens) ?? settings.MaxNewTokens,
            Seed = call.Has(_seed) ? call.Get(_seed) : settings.Seed,
        };
        settings.Validate();
        return settings;
    }
}
