using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Models;
using Evolute.Noise;
using Evolute.Rewards;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>
/// A run on disk: evaluations, iterations, checkpoints and the result, each written down before the next begins, so that it can be interrupted anywhere and
/// goes on to the same bits.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly RunFolder _folder;
    private readonly RunLock _lock;
    private readonly Journal _journal;
    private readonly RunHistory _history;
    private readonly WeightHistory _weights;
    private readonly RunCheckpoints _checkpoints;
    private readonly RunTimings _timings;
    private readonly RunDrift? _drift;
    private TrainingDiagnostics? _diagnostics;
    private readonly RunInput _input;
    private readonly Execution _execution;
    private readonly RunRewards _rewards;

    private TrainingRun(RunFolder folder, RunLock runLock, Journal journal, RunSettings settings, RunInput input, WeightTable baseWeights, Execution execution)
    {
        (_folder, _lock, _journal, Settings, _input, _execution) = (folder, runLock, journal, settings, input, execution);
        _history = new RunHistory(folder.Journal, journal.Entries);
        _weights = new WeightHistory(folder, _history, input.Model, (spec, weights) => execution.CreateEngine(spec, weights, settings.Packed), baseWeights);
        _checkpoints = new RunCheckpoints(folder, input.Model);
        _timings = new RunTimings(folder.Timings);
        _rewards = new RunRewards(folder.RewardLog, execution.Rewards?.Invoke(settings) ?? RewardSpec.Open(settings.Rewards ?? [], settings.RewardFailures));
        if (settings.DriftEvery > 0)
            _drift = new RunDrift(folder.Drift, settings, input.Problems[RunSchedule.SampledSplit(settings)], () => execution.CreateEngine(input.Model.Spec, input.Model.LoadWeights(), settings.Packed));
    }

    /// <summary>The run's settings.</summary>
    public RunSettings Settings { get; }

    /// <summary>Starts a run in a new folder.</summary>
    /// <param name="path">The folder, or null for the next free <c>runs/TASK-N</c>.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="execution">How the work is done.</param>
    /// <exception cref="EvoluteInputException">The folder exists or cannot be made, or a setting is wrong.</exception>
    public static TrainingRun Create(string? path, RunSettings settings, Execution execution)
    {
        if (path is not null) RunFolder.RequireFree(path);
        settings = settings with { ChatDate = settings.ChatDate ?? DateOnly.FromDateTime(DateTime.UtcNow) };
        RunInput input = RunInput.Open(settings);
        settings = settings with { DatasetSha256 = DatasetIdentity.Of(input.Task.Files), RewardFiles = RewardIdentity.Of(settings.Rewards), ChatDate = settings.Chat || input.HasMessages ? settings.ChatDate : null };
        (BaseIdentity identity, WeightTable baseWeights) = BaseIdentity.Load(input.Model, execution.Stop);
        try
        {
            settings = settings with { BaseSha256 = identity.WeightsSha256, BaseFilesSha256 = identity.FilesSha256 };
            return Open(RunFolder.Create(path, settings), unchanged => unchanged, input, baseWeights, execution);
        }
        catch
        {
            baseWeights.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with a run, after a crash, an interruption or its end.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="change">The settings to go on with, given those of the run; only more iterations may differ.</param>
    /// <param name="execution">How the work is done.</param>
    /// <exception cref="EvoluteInputException">There is no run, or another process works on it.</exception>
    /// <exception cref="EvoluteFaultException">The journal is damaged.</exception>
    public static TrainingRun Resume(string path, Func<RunSettings, RunSettings> change, Execution execution)
    {
        RunSettings settings = change(RunSettings.Read(path));
        RunInput.RequireDataset(settings);
        RunInput input = RunInput.Open(settings);
        (BaseIdentity identity, WeightTable baseWeights) = BaseIdentity.Load(input.Model, execution.Stop);
        try
        {
            identity.Require(settings);
            return Open(new RunFolder(path), change, input, baseWeights, execution);
        }
        catch
        {
            baseWeights.Dispose();
            throw;
        }
    }

    /// <summary>Does what is left to do and returns the outcome.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; the journal is whole and the run can be resumed.</exception>
    public RunSummary Execute(TrainingObserver observer, CancellationToken stop = default)
    {
        if (_journal.DroppedBytes > 0) observer.Note($"The journal's last line was torn ({_journal.DroppedBytes} bytes) and is dropped; its iteration is done again.");
        _rewards.Tell(observer);
        EvolutionSettings e = Settings.Evolution;
        if (_history.Run is null)
            Record(new RunEntry(RunEntry.CurrentFormat, NoiseKey.Version, Settings.Task, Settings.BaseSha256, e.Update == new UpdateRule() ? null : e.Update, e.Parameters.IsEverything ? null : e.Parameters, e.Noise));
        _history.RequireBase(Settings.Model, Settings.BaseSha256);
        observer.Started(_folder.Path, _history.LastIteration + 1, Settings.Evolution.Iterations);
        // Moments and the anchor's base are in no checkpoint: updates that need them go on from the base and the journal.
        using (TaskSession session = Session(_history.LastIteration, fromCheckpoints: !_history.Rule.HasState, observer, stop))
        {
            EvaluateWhereDue(session, observer, stop);
            EvolutionLoop trainer = new(session.Engine, session.Evaluation, _input.Problems[TaskSplit.Train], e, e.Generation(_input.Task.StopStrings));
            RunTuning tuning = new(_history, e);
            tuning.Calibrate(trainer, probe => Record(new ProbeEntry(probe)), observer, stop);
            bool already = HasPlateau;
            trainer.Run(_history.LastIteration + 1, tuning.SizesAt, iteration => Complete(iteration, session, observer, stop), () => HasPlateau, stop);
            if (HasPlateau) observer.Note(PlateauSentence(already));
            if (_history.Chosen() == _history.LastIteration) return Finish(session, observer, stop);
        }
        using TaskSession chosen = Session(_history.Chosen(), fromCheckpoints: true, observer, stop);
        return Finish(chosen, observer, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rewards.Dispose();
        _weights.Dispose();
        _drift?.Dispose();
        _journal.Dispose();
        _lock.Dispose();
    }

    private TrainingDiagnostics Diagnostics() => _diagnostics ??= _history.Evaluation(Splits.Test, 0) is { } known
        ? new(known.Reward, known.Truncated, Settings.SaveType == StoredType.F32)
        : throw new InvalidOperationException("The base is measured before the first iteration.");

    private bool HasPlateau => RunSchedule.HasPlateau(_history.Evaluations, Settings);

    private string PlateauSentence(bool already) => already
        ? $"The run has ended: validation stood still for {Settings.StopWhen} evaluations up to iteration {_history.LastIteration}; the result is iteration {_history.Chosen()}."
        : $"Validation has not gained more than its noise for {Settings.StopWhen} evaluations, so the run ends after iteration {_history.LastIteration}; the result is iteration {_history.Chosen()}.";

    private TaskSession Session(int iteration, bool fromCheckpoints, TrainingObserver observer, CancellationToken stop)
    {
        IEngine engine = _weights.At(iteration, fromCheckpoints, i => observer.Rebuilt(i, iteration), stop);
        return new TaskSession(_input.Task, _input.Tokenizer, engine, _execution.BatchSize, _execution.Speculation, Settings.Evolution.RewardWeights, _rewards.Set);
    }

    private void Complete(IterationResult iteration, TaskSession session, TrainingObserver observer, CancellationToken stop)
    {
        EvolutionSettings settings = Settings.Evolution;
        Perturbation[] members = EvolutionLoop.Population(settings, iteration.Iteration);
        Record(new IterationEntry(
            iteration.Iteration, settings.Seed, [.. members.Select(m => m.Pair)], iteration.Sigma, iteration.LearningRate,
            [.. iteration.Members.Select(m => m.Reward)],
            _rewards.PartNames(_input.Task, iteration.Members).ToDictionary(name => name, IReadOnlyList<double> (name) => [.. iteration.Members.Select(m => m.Parts.GetValueOrDefault(name))]),
            iteration.Coefficients, [.. iteration.Members.Select(m => m.Length)], [.. iteration.Members.Select(m => m.Truncated)], WeightHistory.Hex(iteration.Checksum),
            settings.Mirrored ? [.. members.Select(m => m.Sign)] : null, iteration.Center, iteration.Changed));
        PopulationMetrics metrics = PopulationMetrics.Of(iteration.Members);
        IReadOnlyList<Diagnosis> diagnoses = Diagnostics().New(iteration, metrics);
        _timings.Write(iteration, metrics, diagnoses.Select(d => d.Sentence));
        observer.Completed(iteration);
        _rewards.Tell(observer);
        foreach (Diagnosis diagnosis in diagnoses) observer.Note(diagnosis.Sentence);
        EvaluateWhereDue(session, observer, stop);
        int done = iteration.Iteration, chosen = _history.Chosen();
        bool due = Settings.CheckpointEvery > 0 && done % Settings.CheckpointEvery == 0;
        if (due || (done == chosen && Settings.EvalEvery > 0)) _checkpoints.Write(done, session.Engine.Weights, chosen);
    }

    /// <summary>Measures the weights at hand on the splits whose turn it is and that have no measurement yet.</summary>
    private void EvaluateWhereDue(TaskSession session, TrainingObserver observer, CancellationToken stop)
    {
        int iteration = _history.LastIteration;
        foreach (TaskSplit split in RunSchedule.Evaluations(iteration, Settings)) Evaluate(session, split, iteration, observer, stop);
        if (_drift?.MeasureWhereDue(iteration, session, stop) is { } drift) observer.Drifted(drift);
    }

    private EvaluationResult Evaluate(TaskSession session, TaskSplit split, int iteration, TrainingObserver observer, CancellationToken stop)
    {
        string name = split.ToString().ToLowerInvariant();
        if (_history.Evaluation(name, iteration) is { } known) return known;
        bool sampled = split == RunSchedule.SampledSplit(Settings);
        EvaluationResult result;
        if (_history.EvaluationOfWeights(name, iteration) is { } same && (!sampled || RunSamples.Repeat(_folder.Samples(same.Iteration), _folder.Samples(iteration))))
        {
            // The same weights give the same answers.
            result = same with { Iteration = iteration };
        }
        else
        {
            observer.Evaluating(name, iteration, Settings.EvalProblems);
            (result, IReadOnlyList<ScoredResponse> responses) = session.Evaluate(split, iteration, _input.Problems[split], Settings.Evolution, stop);
            if (sampled) RunSamples.Write(_folder.Samples(iteration), responses);
        }
        Record(new EvaluationEntry(result));
        observer.Evaluated(result);
        _rewards.Tell(observer);
        return result;
    }

    private RunSummary Finish(TaskSession session, TrainingObserver observer, CancellationToken stop)
    {
        int chosen = _history.Chosen();
        EvaluationResult final = Evaluate(session, TaskSplit.Test, chosen, observer, stop);
        string sha256 = WeightsDigest.Sha256(session.Engine.Weights);
        RunSummary summary = new(_folder.Path, _history.LastIteration, chosen, _history.Evaluation(Splits.Test, 0)!, final, sha256, HasPlateau && _history.LastIteration < Settings.Evolution.Iterations, RunTuning.Evaluations(_history));
        RunCurves.Write(_folder.Curves, _history, Settings, _drift?.Entries ?? []);
        ModelWriter.Write(_folder.Final, _input.Model, session.Engine.Weights, ModelCard.Of(summary, Settings), new ModelWriteSettings { StoredType = Settings.SaveType, Replace = true });
        if (_history.Final is null) Record(new FinalEntry(chosen, sha256));
        return summary;
    }

    private void Record(JournalEntry entry)
    {
        _journal.Append(entry);
        _history.Add(entry);
    }

    /// <summary>Takes the run's lock and then reads what the last process left: before that, another one may still be changing it.</summary>
    private static TrainingRun Open(RunFolder folder, Func<RunSettings, RunSettings> change, RunInput input, WeightTable baseWeights, Execution execution)
    {
        RunLock runLock = RunLock.Take(folder.Path);
        Journal? journal = null;
        try
        {
            folder.RemoveLeftovers();
            journal = Journal.Open(folder.Journal);
            RunSettings old = RunSettings.Read(folder.Path), settings = change(old);
            int iterations = journal.Entries.OfType<IterationEntry>().Count();
            RewardIdentity.Require(settings, iterations);
            if (settings != old) DurableFile.Replace(folder.Settings, file => file.Write(settings.ToJson()));
            int kept = RunSchedule.Kept(journal.Entries, settings);
            if (kept < journal.Entries.Count) journal.Truncate(kept);
            TrainingRun run = new(folder, runLock, journal, settings, input, baseWeights, execution);
            foreach (string sentence in RewardIdentity.Changes(old, settings, iterations)) run._rewards.Set.Log.Add(sentence);
            return run;
        }
        catch
        {
            journal?.Dispose();
            runLock.Dispose();
            throw;
        }
    }
}

/// <summary>How the work is done; nothing here changes a result.</summary>
/// <param name="CreateEngine">Makes an engine that owns the weights and holds members' matrices in the type that the run's settings say.</param>
/// <param name="BatchSize">Sequences in flight, or 0 for what suits the engine.</param>
/// <param name="Speculation">Whether tokens are drafted from earlier answers to the same prompt.</param>
/// <param name="Rewards">Makes the run's rewards, which it ends; null for those that its settings name.</param>
public sealed record Execution(Func<ModelSpec, WeightTable, PackedType, IEngine> CreateEngine, int BatchSize = 0, Speculation Speculation = Speculation.Off, Func<RunSettings, RewardSet>? Rewards = null)
{
    /// <summary>Ends the loading of the base with <see cref="OperationCanceledException"/>; nothing is written before that.</summary>
    public CancellationToken Stop { get; init; }
}
