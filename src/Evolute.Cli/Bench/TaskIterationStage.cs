using Evolute.Evolution;
using Evolute.Runs;
using Evolute.Tasks;

namespace Evolute.Cli.Bench;

/// <summary>Iterations of a real training by the real trainer, as <c>evolute train</c> does them.</summary>
internal static class TaskIterationStage
{
    /// <summary>The rows of an iteration and its stages.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="input">Task, tokenizer and problems.</param>
    /// <param name="settings">The training's settings.</param>
    /// <param name="execution">How the work is done.</param>
    /// <param name="timing">How often.</param>
    /// <param name="threads">The engine's threads.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<BenchRow> Rows(CountedEngine engine, RunInput input, EvolutionSettings settings, Execution execution, StageTiming timing, int threads, CancellationToken stop)
    {
        timing.Begin($"iterations of training, {settings.Population} members, {settings.Prompts} prompts");
        settings = settings with { Iterations = timing.Repeats + 1 };
        EncodedProblem[] problems = input.Problems[TaskSplit.Train];
        PromptSchedule prompts = new(problems, settings.Prompts, settings.Seed);
        // The engine stays the caller's, and so the session is not disposed.
        TaskSession session = new(input.Task, input.Tokenizer, engine, execution.BatchSize, execution.Speculation);
        IterationSamples samples = new(engine, settings.Population, threads);
        List<LimitReading> readings = [];
        long workingSet = 0;
        new EvolutionLoop(engine, session.Evaluation, problems, settings, settings.Generation(input.Task.StopStrings)).Run(1, Completed, stop);
        return [.. samples.Rows(StageTiming.Median(readings))];

        void Completed(IterationResult iteration)
        {
            // The first one compiles everything.
            if (iteration.Iteration == 1) workingSet = engine.Take().LargestStep * engine.Seats;
            else samples.Add(iteration.Seconds, settings.Population * prompts.Of(iteration.Iteration).Sum(p => (long)p.Ids.Length), iteration.Members.Sum(m => m.Tokens));
            readings.Add(timing.Read(workingSet));
        }
    }
}
