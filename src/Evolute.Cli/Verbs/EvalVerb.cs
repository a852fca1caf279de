using System.CommandLine;
using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Cli.Settings;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Runs;
using Evolute.Tasks;

namespace Evolute.Cli.Verbs;

/// <summary>Measures a model on a task's problems.</summary>
internal sealed class EvalVerb : Verb
{
    private readonly Argument<string> _task;
    private readonly Flag<string?> _model, _config;
    private readonly Flag<string> _split;
    private readonly Flag<int> _problems, _maxNewTokens, _stopLoops, _show;
    private readonly Flag<double> _temperature;
    private readonly Flag<ulong> _seed;
    private readonly Flag<IReadOnlyList<string>> _taskOption;
    private readonly Flag<bool> _chat, _json;
    private readonly Flag<PackedType> _packed;
    private readonly EngineFlags _engine;

    public EvalVerb() : base("eval", "Measure a model on a task: accuracy with its interval, reward and its parts, length, truncation.")
    {
        _task = AddArgument("TASK", $"the task: {string.Join(", ", TaskCatalog.Names)}");
        _model = Add(CommonFlags.Model());
        _split = Add(FlagKinds.Choice("split", "which problems", [.. Enum.GetNames<TaskSplit>().Select(n => n.ToLowerInvariant())], "test"));
        _problems = Add(FlagKinds.Integer("eval-problems", "how many problems; the same ones every time", 1000, 1));
        _maxNewTokens = Add(FlagKinds.Integer("max-new-tokens", "most new tokens of a response", new EvolutionSettings().MaxNewTokens, 1));
        _stopLoops = Add(CommonFlags.StopLoops());
        _temperature = Add(FlagKinds.Number("temperature", "0 for greedy decoding", 0, 0, 100));
        _seed = Add(FlagKinds.Seed("seed", "seed of draws, and of training problems", 1));
        _chat = Add(FlagKinds.Switch("chat", "wrap prompts in the model's chat template"));
        _show = Add(FlagKinds.Integer("show", "print this many prompts, responses and rewards", 0));
        _taskOption = Add(CommonFlags.TaskOption());
        _config = Add(FlagKinds.Text("config", "settings from a YAML or JSON file, flag names as keys; flags win", "FILE"));
        _packed = Add(CommonFlags.Packed());
        _engine = new EngineFlags(Command);
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute eval countdown", "evolute eval countdown --model runs/countdown-1/final --show 3"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string name = call.Parsed.GetRequiredValue(_task);
        TaskCatalog.Create(name);
        SettingsLayers layers = new([_model, _split, _problems, _maxNewTokens, _stopLoops, _temperature, _seed, _chat, _packed, .. _engine.Flags], call.Parsed, call.Get(_config), _taskOption);
        string folder = ModelFolder.Of(call, layers.Get(_model));
        layers.AddModelSettings(folder, Command.Name, name);
        TuningTask task = TaskCatalog.Create(name, layers.MergedTaskOptions);
        EvolutionSettings settings = new() { MaxNewTokens = layers.Get(_maxNewTokens), StopLoops = layers.Get(_stopLoops), Temperature = layers.Get(_temperature), Seed = layers.Get(_seed) };
        settings.Validate();
        Execution execution = _engine.Execution(layers);

        ModelDirectory model = ModelDirectory.Open(folder);
        PromptEncoder prompts = PromptEncoder.Load(model, layers.Get(_chat) ? DateOnly.FromDateTime(DateTime.UtcNow) : null);
        TaskSplit split = Enum.Parse<TaskSplit>(layers.Get(_split), ignoreCase: true);
        EncodedProblem[] problems = prompts.Encode(task.Problems(split, layers.Get(_problems), settings.Seed), settings.MaxNewTokens);
        using TaskSession session = new(task, prompts.Tokenizer, execution.CreateEngine(model.Spec, model.LoadWeights(), layers.Get(_packed)), execution.BatchSize, execution.Speculation);
        var (result, responses) = session.Evaluate(split, 0, problems, settings, call.Cancellation);
        foreach (ScoredResponse response in responses.Take(call.Get(_show))) Show(call.Get(_json) ? call.Streams.Error : call.Out, response);
        if (call.Get(_json))
        {
            call.WriteJson(EvaluationJson.Of(result, name));
            return ExitCode.Done;
        }
        foreach (string origin in layers.Origins()) call.Streams.Error.WriteLine(origin);
        WriteTable(call.Out, name, folder, result);
        return ExitCode.Done;
    }

    private static void WriteTable(TextWriter output, string task, string folder, EvaluationResult r)
    {
        output.WriteLine(Invariant($"{folder} on {r.Count} {r.Split} problems of {task}"));
        output.WriteLine(Invariant($"accuracy   {100 * r.Accuracy:F1} % (95 % interval {100 * r.Interval.Low:F1}–{100 * r.Interval.High:F1})"));
        output.WriteLine(Invariant($"reward     {r.Reward:F4}"));
        foreach ((string part, double value) in r.Parts) output.WriteLine(Invariant($"  {part,-9}{value:F4}"));
        foreach ((string measure, double value) in r.Measures) output.WriteLine(Invariant($"{measure,-11}{value:F2}"));
        output.WriteLine(Invariant($"length     {r.Length:F1} tokens, {100 * r.Truncated:F1} % cut off"));
    }

    private static void Show(TextWriter output, ScoredResponse response)
    {
        output.WriteLine(Invariant($"--- {response.Problem.Id}: reward {response.Reward.Score:0.####} ({string.Join(", ", response.Reward.Parts.Select(p => Invariant($"{p.Key} {p.Value:0.####}")))})"));
        output.WriteLine(Printable(response.Problem.Prompt + response.Completion.Text));
    }

    /// <summary>Model output may hold anything; control characters would reach the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '\uFFFD' : c));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
