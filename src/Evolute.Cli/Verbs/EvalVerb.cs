using System.CommandLine;
using System.Globalization;
using Evolute.Cli.Flags;
using Evolute.Cli.Settings;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Rewards;
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
    private readonly DatasetFlags _dataset = new();
    private readonly Flag<IReadOnlyList<string>> _rewards = RewardFlags.Rewards();
    private readonly Flag<string?> _rewardPolicy = RewardFlags.Policy();
    private readonly Flag<double> _rewardTimeout = RewardFlags.Timeout();
    private readonly Flag<bool> _chat, _json;
    private readonly Flag<PackedType> _packed;
    private readonly Flag<string?> _compareTo, _perplexityText;
    private readonly Flag<int> _samples, _klPrompts;
    private readonly Flag<IReadOnlyList<int>> _ks;
    private readonly EngineFlags _engine;

    public EvalVerb() : base("eval", "Measure a model on a task: accuracy with its interval, reward and its parts, length, truncation; or compare it with its base.")
    {
        _task = AddArgument("TASK", $"the task: {string.Join(", ", TaskCatalog.Names)}");
        _model = Add(CommonFlags.Model());
        _split = Add(FlagKinds.Choice("split", "which problems", [.. Enum.GetNames<TaskSplit>().Select(n => n.ToLowerInvariant())], "test"));
        _problems = Add(FlagKinds.Integer("eval-problems", "how many problems; the same ones every time", 1000, 1));
        _maxNewTokens = Add(FlagKinds.Integer("max-new-tokens", "most new tokens of a response", new EvolutionSettings().MaxNewTokens, 1));
        _stopLoops = Add(CommonFlags.StopLoops());
        _temperature = Add(FlagKinds.Number("temperature", "0 for greedy decoding; with --samples that of the samples, and the accuracy stays greedy", 0, 0, 100));
        _samples = Add(FlagKinds.Integer("samples", "draw so many answers to every problem, for pass@k and maj@k; 0 for none", 0, 0, 1 << 16));
        _ks = Add(FlagKinds.Integers("k", "the k of pass@k and maj@k, at most --samples", [1], 1, 1 << 16));
        _compareTo = Add(FlagKinds.Text("compare-to", "the model that this one was tuned from: KL, regressions, gains, the weights' distance; 'base' for the base of the run that --model is the result of", "DIR|ORG/NAME|base"));
        _klPrompts = Add(FlagKinds.Integer("kl-prompts", "with --compare-to: KL along the greedy answers to so many of the problems", 100, 1));
        _perplexityText = Add(FlagKinds.Text("perplexity-text", "perplexity on this text; with --compare-to both models'", "FILE"));
        _seed = Add(FlagKinds.Seed("seed", "seed of draws, and of training problems", 1));
        _chat = Add(FlagKinds.Switch("chat", "wrap prompts in the model's chat template"));
        _show = Add(FlagKinds.Integer("show", "print this many prompts, responses and rewards", 0));
        foreach (Flag flag in _dataset.Flags) Command.Add(flag.Option);
        foreach (Flag flag in (Flag[])[_rewards, _rewardPolicy, _rewardTimeout]) Command.Add(flag.Option);
        _taskOption = Add(CommonFlags.TaskOption());
        _config = Add(FlagKinds.Text("config", "settings from a YAML or JSON file, flag names as keys; flags win", "FILE"));
        _packed = Add(CommonFlags.Packed());
        _engine = new EngineFlags(Command);
        _json = Add(CommonFlags.Json());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["evolute eval countdown", "evolute eval countdown --model runs/countdown-1/final --show 3", "evolute eval countdown --samples 8 --k 1,4,8 --temperature 1", "evolute eval countdown --model runs/countdown-1/final --compare-to base --json"];

    /// <inheritdoc/>
    public override int Run(VerbCall call)
    {
        string name = call.Parsed.GetRequiredValue(_task);
        TaskCatalog.Create(name);
        SettingsLayers layers = new([_model, _split, _problems, _maxNewTokens, _stopLoops, _temperature, _samples, _ks, _klPrompts, _seed, _chat, _packed, _rewards, _rewardPolicy, _rewardTimeout, .. _dataset.Flags, .. _engine.Flags], call.Parsed, call.Get(_config), _taskOption);
        string folder = ModelFolder.Of(call, layers.Get(_model));
        layers.AddModelSettings(folder, Command.Name, name);
        TuningTask task = TaskCatalog.Create(name, RewardFlags.Options(name, _dataset.Options(call, layers), layers.Get(_rewards)));
        (double temperature, int samples) = (layers.Get(_temperature), layers.Get(_samples));
        EvolutionSettings settings = new() { MaxNewTokens = layers.Get(_maxNewTokens), StopLoops = layers.Get(_stopLoops), Temperature = samples > 0 ? 0 : temperature, Seed = layers.Get(_seed) };
        settings.Validate();
        RequireSampling(layers, samples, temperature);
        Execution execution = _engine.Execution(layers);

        ModelDirectory model = ModelDirectory.Open(folder);
        ModelDirectory? other = call.Get(_compareTo) is { } named ? ModelDirectory.Open(BaseModel.Find(call, named, folder, _compareTo.Display)) : null;
        if (other is null && layers.Has(_klPrompts)) throw new EvoluteInputException($"{_klPrompts.Display} goes with {_compareTo.Display}; give the base model there.");
        PromptEncoder prompts = PromptEncoder.Load(model, layers.Get(_chat) ? DateOnly.FromDateTime(DateTime.UtcNow) : null);
        TaskSplit split = Enum.Parse<TaskSplit>(layers.Get(_split), ignoreCase: true);
        int count = layers.IsAsked(_problems) ? layers.Get(_problems) : Math.Clamp(task.Count(split) ?? int.MaxValue, 1, layers.Get(_problems));
        EncodedProblem[] problems = prompts.Encode(task.Problems(split, count, settings.Seed), settings.MaxNewTokens);
        MeasurementPlan plan = new(split, problems, settings, samples, layers.Get(_ks), temperature);
        int[]? text = BaseModel.Text(call.Get(_perplexityText), _perplexityText.Display, prompts.Tokenizer);
        if (other is not null) BaseModel.RequireComparable(model, other, prompts.Tokenizer, layers.Get(_engine.Threads), layers.Get(_packed));

        using RewardSet rewards = RewardFlags.Open(layers.Get(_rewards), layers.Get(_rewardPolicy), layers.Get(_rewardTimeout));
        using TaskSession session = Session(model);
        if (other is null)
        {
            TextPerplexity? perplexity = text is null ? null : TextPerplexity.Of(session.Engine, text, stop: call.Cancellation);
            Report(call, layers, name, folder, ModelMeasurement.Of(session, plan, call.Cancellation), perplexity);
            return ExitCode.Done;
        }
        using TaskSession baseSession = Session(other);
        ModelComparison comparison = ModelComparison.Of(session, baseSession, plan, layers.Get(_klPrompts), text, call.Cancellation);
        Show(call, comparison.Tuned);
        if (call.Get(_json)) call.WriteJson(EvaluationJson.Of(comparison, name));
        else
        {
            foreach (string origin in layers.Origins()) call.Streams.Error.WriteLine(origin);
            ComparisonText.Write(call.Out, name, folder, other.Path, comparison);
        }
        return ExitCode.Done;

        TaskSession Session(ModelDirectory of) => new(task, prompts.Tokenizer, execution.CreateEngine(of.Spec, of.LoadWeightsInterruptibly(call.Cancellation), layers.Get(_packed)), execution.BatchSize, execution.Speculation, rewards: rewards);
    }

    private void RequireSampling(SettingsLayers layers, int samples, double temperature)
    {
        if (samples == 0)
        {
            if (layers.Has(_ks)) throw new EvoluteInputException($"{_ks.Display} is about sampled answers; say how many by {_samples.Display}.");
            return;
        }
        if (temperature == 0) throw new EvoluteInputException($"{_samples.Display} draws different answers, so it needs a {_temperature.Display} above 0, 1 say.");
        if (layers.Get(_ks).Max() is var most && most > samples) throw new EvoluteInputException($"{_ks.Display}: {most} is more than the {samples} of {_samples.Display}; draw more, or lower k.");
    }

    private void Report(VerbCall call, SettingsLayers layers, string task, string folder, ModelMeasurement measured, TextPerplexity? perplexity)
    {
        Show(call, measured);
        if (call.Get(_json))
        {
            call.WriteJson(EvaluationJson.Of(measured, task, perplexity));
            return;
        }
        foreach (string origin in layers.Origins()) call.Streams.Error.WriteLine(origin);
        WriteTable(call.Out, task, folder, measured.Result);
        if (perplexity is { } p) call.Out.WriteLine(Invariant($"perplexity {p.Value:F4} of {p.Tokens} tokens, windows of {p.Window}, stride {p.Stride}"));
        if (measured.Sampling is { } sampling) ComparisonText.WriteSampling(call.Out, sampling);
    }

    private void Show(VerbCall call, ModelMeasurement measured)
    {
        foreach (ScoredResponse response in measured.Responses.Take(call.Get(_show))) Show(call.Get(_json) ? call.Streams.Error : call.Out, response);
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
        output.WriteLine(PrintableText.Of(response.Problem.Prompt + response.Completion.Text));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
