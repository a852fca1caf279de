using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Evolute.Cli.Flags;
using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Rewards;
using Evolute.Runs;
using Evolute.Tasks;

namespace Evolute.Cli.Settings;

/// <summary>The flags that shape a run's results, each bound to its place in <see cref="RunSettings"/>. Defaults are the paper's.</summary>
internal sealed class TrainSettings
{
    private static readonly RunSettings Defaults = new() { Model = "", Task = "" };

    private readonly List<Binding> _bindings = [];
    private readonly List<Action<SettingsLayers>> _belongings = [];
    private readonly Flag<int> _trainProblems, _prompts, _evalProblems;

    public TrainSettings()
    {
        EvolutionSettings e = Defaults.Evolution;
        Bind(FlagKinds.Integer("population", "members of the population, N", e.Population), s => s.Evolution.Population, (s, v) => s with { Evolution = s.Evolution with { Population = v } });
        BindEvolution(FlagKinds.Switch("mirrored", "members in pairs that use the same noise with opposite signs"), s => s.Mirrored, (s, v) => s with { Mirrored = v });
        Flag<NoiseForm> noise = BindEvolution(
            FlagKinds.Enumeration("noise", "how members' noise is made: a normal a weight; a product of rank R a matrix, which is evaluated faster; in one part of the weights a member; the same for equal shapes", e.Noise.Form),
            s => FlagKinds.NameOf(s.Noise.Form), (s, v) => s.Noise.Form == v ? s : s with { Noise = NoiseKind.Of(v) });
        Belongs(
            BindEvolution(FlagKinds.OptionalInteger("rank", "r of --noise low-rank (default 1)"), s => s.Noise.Rank, (s, v) => v is { } rank ? s with { Noise = s.Noise with { Rank = rank } } : s),
            noise, NoiseForm.LowRank);
        Belongs(
            BindEvolution(
                FlagKinds.OptionalInteger("parts", "K of --noise subspace (default 4); the population is a multiple of it, or of twice as many with --mirrored"),
                s => s.Noise.Parts, (s, v) => v is { } parts ? s with { Noise = s.Noise with { Parts = parts } } : s),
            noise, NoiseForm.Subspace);
        BindEvolution(
            FlagKinds.Enumeration("shaping", "how rewards become coefficients; sign needs --mirrored", e.Shaping), s => FlagKinds.NameOf(s.Shaping), (s, v) => s with { Shaping = v });
        BindEvolution(
            FlagKinds.NamedNumbers("reward-weights", "weights of the parts of the task's reward, which are added up (default: the task's own sum)", "PART=X,…"),
            s => s.RewardWeights.Count == 0 ? "the task's own" : FlagKinds.NamedNumbersText(s.RewardWeights), (s, v) => s with { RewardWeights = v });
        Flag<AutoNumber> sigma = AutoNumber.Sigma(e.Sigma);
        // Auto without a value begins with that of the next place that has one: what the model comes with is nearer than the paper's.
        _bindings.Add(new(sigma, s => AutoNumber.Text(s.Evolution.AutoSigma, s.Evolution.Sigma), (s, layers) => s with
        {
            Evolution = s.Evolution with { AutoSigma = layers.Get(sigma).IsAuto, Sigma = layers.All(sigma).Append(layers.Get(sigma)).FirstOrDefault(v => v.Value is not null).Value ?? s.Evolution.Sigma },
        }));
        BindEvolution(AutoNumber.LearningRate(), s => AutoNumber.Text(s.AutoLearningRate, s.AutoLearningRate ? null : s.LearningRate), (s, v) => s with { AutoLearningRate = v.IsAuto, LearningRate = v.Value ?? s.Sigma / 2 });
        BindEvolution(FlagKinds.Enumeration("schedule", "how the learning rate goes down to a tenth", e.Schedule), s => FlagKinds.NameOf(s.Schedule), (s, v) => s with { Schedule = v });
        BindEvolution(FlagKinds.Integer("warmup", "iterations over which the learning rate rises before its schedule begins", e.Warmup), s => s.Warmup, (s, v) => s with { Warmup = v });
        BindEvolution(FlagKinds.Enumeration("sigma-schedule", "how σ goes down to a tenth", e.SigmaSchedule), s => FlagKinds.NameOf(s.SigmaSchedule), (s, v) => s with { SigmaSchedule = v });
        UpdateRule u = e.Update;
        Flag<Optimizer> optimizer = BindUpdate(FlagKinds.Enumeration("optimizer", "how the weights follow the estimate; momentum keeps 4 bytes a weight, adam 8", u.Optimizer), s => FlagKinds.NameOf(s.Optimizer), (s, v) => s with { Optimizer = v });
        Belongs(BindUpdate(FlagKinds.Number("momentum", "β of --optimizer momentum", u.Momentum, 0, 1), s => s.Momentum, (s, v) => s with { Momentum = v }), optimizer, Optimizer.Momentum);
        Belongs(
            BindUpdate(FlagKinds.Pair("adam-betas", "β₁ and β₂ of --optimizer adam", (u.Beta1, u.Beta2), 0, 1), s => FlagKinds.PairText((s.Beta1, s.Beta2)), (s, v) => s with { Beta1 = v.First, Beta2 = v.Second }),
            optimizer, Optimizer.Adam);
        Belongs(BindUpdate(FlagKinds.Number("adam-epsilon", "ε of --optimizer adam", u.Epsilon, 0, 1), s => s.Epsilon, (s, v) => s with { Epsilon = v }), optimizer, Optimizer.Adam);
        BindUpdate(FlagKinds.Number("weight-decay", "decoupled weight decay λ: weights shrink by αλ of themselves at every update", u.WeightDecay, 0, double.PositiveInfinity), s => s.WeightDecay, (s, v) => s with { WeightDecay = v });
        BindUpdate(FlagKinds.Enumeration("anchor", "draws the weights to the base's after every update; keeps 4 bytes a weight", u.Anchor), s => FlagKinds.NameOf(s.Anchor), (s, v) => s with { Anchor = v });
        BindUpdate(FlagKinds.Number("anchor-strength", "λ of --anchor: l2 shrinks the distance by αλ of itself (10, say), l1 by αλ (0.01, say)", u.AnchorStrength, 0, double.PositiveInfinity), s => s.AnchorStrength, (s, v) => s with { AnchorStrength = v });
        BindEvolution(CommonFlags.TrainOnly(), s => Patterns(s.Parameters.TrainOnly), (s, v) => s with { Parameters = s.Parameters with { TrainOnly = v } });
        BindEvolution(CommonFlags.Freeze(), s => Patterns(s.Parameters.Freeze), (s, v) => s with { Parameters = s.Parameters with { Freeze = v } });
        Iterations = Bind(FlagKinds.Integer("iterations", "updates to make", e.Iterations), s => s.Evolution.Iterations, (s, v) => s with { Evolution = s.Evolution with { Iterations = v } });
        _trainProblems = Bind(FlagKinds.Integer("train-problems", "different training problems", e.TrainProblems), s => s.Evolution.TrainProblems, (s, v) => s with { Evolution = s.Evolution with { TrainProblems = v } });
        _prompts = Bind(FlagKinds.Integer("prompts", "prompts of an iteration, shared by the population", e.Prompts), s => s.Evolution.Prompts, (s, v) => s with { Evolution = s.Evolution with { Prompts = v } });
        Bind(FlagKinds.Integer("max-new-tokens", "most new tokens of a response", e.MaxNewTokens), s => s.Evolution.MaxNewTokens, (s, v) => s with { Evolution = s.Evolution with { MaxNewTokens = v } });
        Bind(CommonFlags.StopLoops(), s => s.Evolution.StopLoops, (s, v) => s with { Evolution = s.Evolution with { StopLoops = v } });
        Bind(FlagKinds.Number("temperature", "0 for greedy decoding", e.Temperature, double.NegativeInfinity, double.PositiveInfinity), s => s.Evolution.Temperature, (s, v) => s with { Evolution = s.Evolution with { Temperature = v } });
        Bind(FlagKinds.Seed("seed", "seed of noise, training problems and draws", e.Seed), s => s.Evolution.Seed, (s, v) => s with { Evolution = s.Evolution with { Seed = v } });
        Bind(FlagKinds.Integer("eval-every", "iterations between evaluations on validation problems, which choose the result; 0 for none", Defaults.EvalEvery), s => s.EvalEvery, (s, v) => s with { EvalEvery = v });
        Bind(StopWhen.Flag(), s => StopWhen.Text(s.StopWhen), (s, v) => s with { StopWhen = v });
        _evalProblems = Bind(FlagKinds.Integer("eval-problems", "problems of an evaluation", Defaults.EvalProblems), s => s.EvalProblems, (s, v) => s with { EvalProblems = v });
        Bind(FlagKinds.Integer("drift-every", "iterations between measurements of KL and distance to the base (drift.jsonl), which hold the base in memory as well; 0 for none", Defaults.DriftEvery), s => s.DriftEvery, (s, v) => s with { DriftEvery = v });
        Bind(FlagKinds.Integer("checkpoint-every", "iterations between checkpoints; 0 for none", Defaults.CheckpointEvery), s => s.CheckpointEvery, (s, v) => s with { CheckpointEvery = v });
        Bind(
            FlagKinds.Choice("save-type", "type of the result's weights", ["base", "float32", "bfloat16", "float16"], "base"),
            s => s.SaveType?.TorchName() ?? "base", (s, v) => s with { SaveType = v == "base" ? null : Enum.GetValues<StoredType>().First(t => t.TorchName() == v) });
        Bind(CommonFlags.Packed(), s => s.Packed.ToString().ToLowerInvariant(), (s, v) => s with { Packed = v });
        Bind(FlagKinds.Switch("chat", "wrap prompts in the model's chat template"), s => s.Chat, (s, v) => s with { Chat = v });
        Rewards = Bind(RewardFlags.Rewards(), s => s.Rewards is { } rewards ? string.Join(" and ", rewards) : "the task's own reward", (s, v) => s with { Rewards = v.Count == 0 ? null : v });
        Bind(RewardFlags.Policy(), s => s.RewardPolicy ?? "fail", (s, v) => s with { RewardPolicy = v is null or "fail" ? null : v });
        Bind(RewardFlags.Timeout(), s => s.RewardFailures.Limit.TotalSeconds, (s, v) => s with { RewardTimeout = v == RewardFailures.DefaultTimeout.TotalSeconds ? 0 : v });
        TaskOption = CommonFlags.TaskOption();
        Model = CommonFlags.Model();
    }

    /// <summary>The base model's folder.</summary>
    public Flag<string?> Model { get; }

    /// <summary>The task's options.</summary>
    public Flag<IReadOnlyList<string>> TaskOption { get; }

    /// <summary>Rewards besides or instead of the task's own.</summary>
    public Flag<IReadOnlyList<string>> Rewards { get; }

    /// <summary>Where the problems come from.</summary>
    public DatasetFlags Dataset { get; } = new();

    /// <summary>The flag that a resumed run may change.</summary>
    public Flag<int> Iterations { get; }

    /// <summary>All flags that a file may set.</summary>
    public IEnumerable<Flag> Flags => [Model, .. Dataset.Flags, .. _bindings.Select(b => b.Flag)];

    public void AddTo(Command command)
    {
        foreach (Flag flag in Flags) command.Add(flag.Option);
        command.Add(TaskOption.Option);
    }

    /// <summary>Settings from <paramref name="start"/> and what the layers say, with the task's options.</summary>
    public RunSettings Resolve(RunSettings start, SettingsLayers layers, JsonObject options)
    {
        foreach (Action<SettingsLayers> check in _belongings) check(layers);
        RunSettings settings = start;
        foreach (Binding binding in _bindings) settings = binding.Take(settings, layers);
        return Fitted(settings with { TaskOptions = options }, layers);
    }

    /// <summary>Settings that nobody asked for are no more than the dataset's problems.</summary>
    private RunSettings Fitted(RunSettings settings, SettingsLayers layers)
    {
        TuningTask task = TaskCatalog.Create(settings.Task, settings.TaskOptions);
        if (task.Count(TaskSplit.Train) is { } train && !layers.IsAsked(_trainProblems))
            settings = settings with { Evolution = settings.Evolution with { TrainProblems = Math.Clamp(train, 1, settings.Evolution.TrainProblems) } };
        if (task.Count(TaskSplit.Train) is not null && !layers.IsAsked(_prompts))
            settings = settings with { Evolution = settings.Evolution with { Prompts = Math.Min(settings.Evolution.Prompts, settings.Evolution.TrainProblems) } };
        int? least = ((int?[])[task.Count(TaskSplit.Test), settings.EvalEvery > 0 ? task.Count(TaskSplit.Validation) : null]).Min();
        if (least is { } problems && !layers.IsAsked(_evalProblems)) settings = settings with { EvalProblems = Math.Clamp(problems, 1, settings.EvalProblems) };
        return settings;
    }

    /// <summary>A run's settings after checking that what is given agrees with them; more iterations are taken over.</summary>
    /// <param name="old">The run's settings.</param>
    /// <param name="layers">What is given now.</param>
    /// <param name="options">The task's options that are given now.</param>
    /// <param name="model">Where the base model is now, or null for where it was.</param>
    /// <exception cref="EvoluteInputException">Something given differs from what the run was begun with.</exception>
    public RunSettings ResolveResumed(RunSettings old, SettingsLayers layers, JsonObject options, ModelFolder? model)
    {
        RunSettings settings = old;
        foreach (Binding binding in _bindings.Where(b => layers.Has(b.Flag)))
        {
            RunSettings changed = binding.Take(settings, layers);
            if (binding.Flag != Iterations && !Equals(binding.Of(changed), binding.Of(old)))
                throw new EvoluteInputException(string.Create(
                    CultureInfo.InvariantCulture, $"{binding.Flag.Display}: the run was begun with {binding.Of(old)}, not {binding.Of(changed)}; a resumed run may change only --threads, --batch-size, --speculate, --device and a larger --iterations."));
            settings = changed;
        }
        foreach ((string key, JsonNode? value) in options)
            if (!DatasetFiles.FileKeys.Contains(key) && old.TaskOptions[key]?.ToJsonString() != value?.ToJsonString())
                throw new EvoluteInputException($"--task-option {key}: the run was begun with {old.TaskOptions[key]?.ToJsonString() ?? "the default"}, not {value?.ToJsonString()}; begin a new run instead.");
        int before = old.Evolution.Iterations, after = settings.Evolution.Iterations;
        if (after < before) throw new EvoluteInputException($"--iterations: the run was begun with {before}, and {after} is less; leave it out, or give more.");
        if (after > before && (old.Evolution.Schedule, old.Evolution.SigmaSchedule) != (Schedule.Constant, Schedule.Constant))
            throw new EvoluteInputException(
                $"--iterations: the run's {(old.Evolution.Schedule != Schedule.Constant ? "learning rate" : "σ")} follows a schedule over its {before} iterations, so their number cannot change; begin a new run.");
        // A dataset may lie elsewhere now; that it is the same is checked by its hash. Where there was none, there is none to compare with.
        JsonObject merged = old.TaskOptions.DeepClone().AsObject();
        foreach (string key in DatasetFiles.FileKeys)
            if (options[key] is { } file) merged[key] = merged.ContainsKey(key) ? file.DeepClone() : throw new EvoluteInputException($"--{key}: the run was begun without one; leave it out, or begin a new run.");
        if (!JsonNode.DeepEquals(merged, old.TaskOptions)) settings = settings with { TaskOptions = merged };
        // Who names the rewards again means them as they are now.
        if (layers.Has(Rewards)) settings = RewardIdentity.Renewed(settings);
        return model is null ? settings : settings with { Model = Path.GetFullPath(model.Path), HubModel = model.HubModel?.ToString() };
    }

    private static string Patterns(IReadOnlyList<string> patterns) => patterns.Count == 0 ? "no pattern" : string.Join(' ', patterns);

    /// <summary>A flag that means something only with one value of another one.</summary>
    private void Belongs<T>(Flag flag, Flag<T> owner, T value) where T : struct, Enum => _belongings.Add(layers =>
    {
        if (layers.Has(flag) && !layers.Get(owner).Equals(value))
            throw new EvoluteInputException($"{flag.Display} does nothing with {owner.Display} {FlagKinds.NameOf(layers.Get(owner))}; leave it out, or give {owner.Display} {FlagKinds.NameOf(value)}.");
    });

    private Flag<T> BindEvolution<T>(Flag<T> flag, Func<EvolutionSettings, object> of, Func<EvolutionSettings, T, EvolutionSettings> with) =>
        Bind(flag, s => of(s.Evolution), (s, v) => s with { Evolution = with(s.Evolution, v) });

    private Flag<T> BindUpdate<T>(Flag<T> flag, Func<UpdateRule, object> of, Func<UpdateRule, T, UpdateRule> with) =>
        BindEvolution(flag, s => of(s.Update), (s, v) => s with { Update = with(s.Update, v) });

    private Flag<T> Bind<T>(Flag<T> flag, Func<RunSettings, object> of, Func<RunSettings, T, RunSettings> with)
    {
        _bindings.Add(new(flag, of, (settings, layers) => with(settings, layers.Get(flag))));
        return flag;
    }

    private sealed record Binding(Flag Flag, Func<RunSettings, object> Of, Func<RunSettings, SettingsLayers, RunSettings> Take);
}
