using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Runs;
using static Evolute.Cli.Bench.StageNames;

namespace Evolute.Cli.Bench;

/// <summary>One run of the measurements.</summary>
internal sealed class BenchRun(VerbCall call, BenchSettings settings, PeerSettings? peer)
{
    /// <summary>Measures.</summary>
    /// <param name="model">The model, or null where the machine is all that is measured.</param>
    /// <param name="training">The input of the training whose iterations are measured, or null for iterations on random prompts.</param>
    /// <param name="gguf">A GGUF file to write the model to, if any.</param>
    /// <param name="folder">A folder to write the model to, if any.</param>
    public BenchReport Execute(BenchModel? model, RunInput? training, string? gguf, string? folder)
    {
        MachineDescription machine = MachineDescription.Of(settings.Threads);
        using CountedEngine? engine = model is null ? null : new(settings.Execution.CreateEngine(model.Spec, model.Weights(settings.Evolution.Seed, settings.Threads), settings.Packed), settings.Packed);
        if (gguf is not null) model!.WriteGguf(gguf, engine!.Weights, call);
        if (folder is not null) model!.WriteFolder(folder, engine!.Weights);
        using MachineLimits limits = new(settings.Threads);
        BenchReport? report = null;
        Progress.Run(call.Streams, "Measuring", "stages", StageCount(engine is not null), progress =>
        {
            StageTiming timing = new(limits, settings.Repeats, progress, call.Cancellation);
            timing.Begin("the machine");
            LimitReading best = timing.Repeat(MachineLimits.BufferBytes, () => { });
            report = new(machine, best.PeakGflops, best.ReadGbs, null, [], null);
            if (engine is not null) report = Measure(report, engine, training, timing) with { Model = new(model!.Name, engine.Spec.Family, engine.Weights.ParameterCount, model.Directory is null, settings.Packed.ToString().ToLowerInvariant(), engine.Seats) };
            progress.Advance();
        });
        return report!;
    }

    private int StageCount(bool ofModel)
    {
        if (!ofModel) return 1;
        int single = ((string[])[Prefill, StageNames.Noise, Iteration, Population]).Count(settings.Has);
        return 1 + (peer is null ? 0 : 1) + single + (settings.Has(Decode) ? settings.Batches.Count : 0);
    }

    private BenchReport Measure(BenchReport report, CountedEngine engine, RunInput? training, StageTiming timing)
    {
        List<BenchRow> rows = [];
        PeerComparison? comparison = null;
        if (settings.Stages.Count > 0 || peer is not null) engine.RunSeats(seat => engine.Prepare(seat, null, 0));
        if (peer is not null)
        {
            TimedStage stage = peer.Stage == Prefill ? PrefillOf(engine) : new DecodeStage(engine, peer.Batch, settings.Context, settings.DecodeSteps, call.Cancellation);
            (comparison, BenchRow ours) = PeerComparison.Of(stage, peer.Command, new PeerCommand(peer.Command, peer.Timeout, call.Cancellation), timing);
            rows.Add(ours);
        }
        if (settings.Has(Prefill)) rows.Add(timing.Row(PrefillOf(engine)));
        if (settings.Has(Decode))
            foreach (int batch in settings.Batches)
                rows.Add(timing.Row(new DecodeStage(engine, batch, settings.Context, settings.DecodeSteps, call.Cancellation)));
        // The work on weights comes last: it changes them.
        if (settings.Has(StageNames.Noise)) rows.AddRange(NoiseStage.Rows(engine, timing, settings.Threads));
        if (settings.Has(Iteration)) rows.AddRange(Iterations(engine, training, timing));
        if (settings.Has(Population)) rows.AddRange(PopulationOf(engine).Rows(timing));
        return report with { Rows = rows, Against = comparison };
    }

    private PrefillStage PrefillOf(CountedEngine engine) => new(
        engine, new Generator(engine, null, settings.Execution.BatchSize),
        RandomPrompts.Of(settings.PrefillPrompts, settings.PrefillTokens, engine.Spec.VocabularySize, settings.Evolution.Seed), call.Cancellation);

    private PopulationStage PopulationOf(CountedEngine engine) => new(
        engine, settings.Evolution, RandomPrompts.Of(settings.Evolution.Prompts, settings.PromptTokens, engine.Spec.VocabularySize, settings.Evolution.Seed), settings.Execution.BatchSize,
        call.Cancellation);

    private IReadOnlyList<BenchRow> Iterations(CountedEngine engine, RunInput? training, StageTiming timing)
    {
        EvolutionSettings evolution = settings.Evolution;
        if (training is not null) return TaskIterationStage.Rows(engine, training, evolution, settings.Execution, timing, settings.Threads, call.Cancellation);
        int[][] prompts = RandomPrompts.Of(evolution.Prompts, settings.PromptTokens, engine.Spec.VocabularySize, evolution.Seed);
        return new IterationStage(engine, new Generator(engine, null, settings.Execution.BatchSize), evolution, prompts, call.Cancellation).Rows(timing, settings.Threads);
    }
}
