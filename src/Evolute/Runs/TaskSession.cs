using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Tasks;

namespace Evolute.Runs;

/// <summary>A task, a model's text side and an engine with its weights, ready to be trained or measured.</summary>
public sealed class TaskSession : IDisposable
{
    private readonly PromptEncoder _prompts;

    /// <summary>A session that owns <paramref name="engine"/> from now on.</summary>
    /// <param name="task">What the model is to do.</param>
    /// <param name="prompts">Encodes its prompts.</param>
    /// <param name="engine">Its weights.</param>
    /// <param name="batchSize">Sequences in flight, or 0 for what suits the engine.</param>
    public TaskSession(TuningTask task, PromptEncoder prompts, IEngine engine, int batchSize = 0)
    {
        Task = task;
        Engine = engine;
        _prompts = prompts;
        Evaluation = new ResponseEvaluation(engine, new Generator(engine, prompts.Tokenizer, batchSize), task);
    }

    /// <summary>The task.</summary>
    public TuningTask Task { get; }

    /// <summary>The engine.</summary>
    public IEngine Engine { get; }

    internal ResponseEvaluation Evaluation { get; }

    /// <summary>Generates and scores with the weights as they are.</summary>
    /// <param name="split">Which problems.</param>
    /// <param name="iteration">How many updates the weights have had; for the record.</param>
    /// <param name="count">How many problems.</param>
    /// <param name="settings">Length, sampling and seed.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public (EvaluationResult Result, IReadOnlyList<ScoredResponse> Responses) Evaluate(TaskSplit split, int iteration, int count, EvolutionSettings settings, CancellationToken stop)
    {
        NoiseKey draws = NoiseKey.Of(settings.Seed, 0, (uint)split, NoiseDomain.TokenSampling);
        ScoredResponse[] responses = Evaluation.OfWeights(_prompts.Encode(Task.Problems(split, count, settings.Seed), settings.MaxNewTokens), settings.Generation(Task.StopStrings), draws, stop);
        ResponseTotals totals = new();
        foreach (ScoredResponse response in responses) totals.Add(response.Completion, response.Reward, response.Measures);
        string name = split.ToString().ToLowerInvariant();
        return (new(name, iteration, totals.Count, totals.Correct, totals.Reward, totals.Parts, totals.Measures, totals.Length, totals.Truncated), responses);
    }

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();
}
