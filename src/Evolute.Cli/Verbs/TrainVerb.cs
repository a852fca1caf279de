using System.CommandLine;
using System.Text.Json.Nodes;
using Evolute.Cli.Flags;
using Evolute.Cli.Settings;
using Evolute.Rewards;
using Evolute.Runs;
using Evolute.Tasks;

namespace Evolute.Cli.Verbs;

/// <summary>Fine-tunes a model for a task.</summary>
internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _task;
    private readonly TrainSettings _settings = new();
    private readonly Flag<string?> _config, _output;
    private readonly Flag<bool> _resume, _json;
    private readonly EngineFlags _engine;

    public TrainVerb() : base("train", "Fine-tune a model for a task with evolution strategies.")
    {
        _task = AddArgument("TASK", $"the task: {string.Join(", ", TaskCatalog.Names)}");
        _settings.AddTo(Command);
        _output = Add(FlagKinds.Text("output", "the run's folder (default: the next free runs/TASK-N)", "DIR"));
        _resume = Add(FlagKinds.Switch("resume", "go on with the run in --output, or with the newest runs/TASK-N"));
        _config = Add(FlagKinds.Text("config", "settings from a YAML or JSON file, flag names as keys; flags win", "FILE"));
        _engine = new EngineFlags(Command);
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "evolute train countdown",
        "evolute train countdown --seed 2 --iterations 100 --output runs/longer",
        "evolute train countdown --sigma auto --learning-rate auto --stop-when plateau:3",
        "evolute train countdown --resume --output runs/longer",
        "evolute train countdown --reward task --reward \"0.1*python3 score.py\" --reward-policy skip",
        "evolute train countdown --model Qwen/Qwen2.5-0.5B-Instruct --prompts 32 --train-problems 200 --max-new-tokens 256",
    ];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string task = call.Parsed.GetRequiredValue(_task);
        TaskCatalog.Create(task);
        SettingsLayers layers = new([.. _settings.Flags, .. _engine.Flags], call.Parsed, call.Get(_config), _settings.TaskOption);
        using TrainingRun run = call.Get(_resume) ? Resume(call, task, layers) : Begin(call, task, layers);
        TrainingDisplay display = new(call.Streams.Error);
        RunSummary summary = run.Execute(display, call.Cancellation);
        if (call.Get(_json))
            call.WriteJson(new
            {
                Run = summary.Folder,
                summary.Iterations,
                summary.Chosen,
                Base = EvaluationJson.Of(summary.Base, task),
                Final = EvaluationJson.Of(summary.Final, task),
                summary.WeightsSha256,
                summary.StoppedEarly,
                summary.ProbeEvaluations,
            });
        else TrainingDisplay.WriteSummary(call.Out, summary);
        return ExitCode.Done;
    }

    private TrainingRun Begin(VerbCall call, string task, SettingsLayers layers)
    {
        ModelFolder model = ModelFolder.Find(call, layers.Get(_settings.Model));
        layers.AddModelSettings(model.Path, Command.Name, task);
        RunSettings settings = _settings.Resolve(new RunSettings { Model = Path.GetFullPath(model.Path), HubModel = model.HubModel?.ToString(), Task = task }, layers, RewardFlags.Options(task, _settings.Dataset.Options(call, layers), layers.Get(_settings.Rewards)));
        Execution execution = Execution(call, layers);
        TrainingRun run = TrainingRun.Create(call.Get(_output), settings, execution);
        // Only now, since what is wrong with the input is one sentence that stands alone.
        TrainingDisplay.WriteSettings(call.Streams.Error, settings, layers);
        return run;
    }

    private Execution Execution(VerbCall call, SettingsLayers layers) =>
        _engine.Execution(layers) with { Stop = call.Cancellation, Rewards = settings => RewardSpec.Open(settings.Rewards ?? [], settings.RewardFailures, RewardSource.Compile) };

    private TrainingRun Resume(VerbCall call, string task, SettingsLayers layers)
    {
        string folder = call.Get(_output) ?? RunFolder.Newest(task)
            ?? throw new EvoluteInputException($"--resume: there is no run runs/{task}-1 here; name the run's folder with --output.");
        // A model or dataset of the hub is looked up once, since what Resume is given is called again.
        ModelFolder? model = layers.Get(_settings.Model) is { } named ? ModelFolder.Find(call, named) : null;
        JsonObject options = _settings.Dataset.Options(call, layers);
        return TrainingRun.Resume(folder, old => old.Task == task
            ? _settings.ResolveResumed(old, layers, options, model)
            : throw new EvoluteInputException($"{folder}: this run's task is {old.Task}, not {task}."), Execution(call, layers));
    }
}
