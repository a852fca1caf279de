using Evolute.Engines;
using Evolute.Evolution;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Rewards;
using Evolute.Tasks;
using Evolute.Text;

namespace Evolute.Runs;

/// <summary>A task, a model's text side and an engine with its weights, ready to be trained or measured.</summary>
public sealed class TaskSession : IDisposable
{
    /// <summary>A session that owns <paramref name="engine"/> from now on.</summary>
    /// <param name="task">What the model is to do.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="engine">Its weights.</param>
    /// <param name="batchSize">Sequences in flight, or 0 for what suits the engine.</param>
    /// <param name="speculation">Whether tokens are drafted from earlier answers to the same prompt.</param>
    /// <param name="rewardWeights">Weights of the reward's parts; null or empty for the task's own sum.</param>
    /// <param name="rewards">The rewards; null for the task's own. They stay the caller's.</param>
    public TaskSession(
        TuningTask task, Tokenizer tokenizer, IEngine engine, int batchSize = 0, Speculation speculation = Speculation.Off, IReadOnlyDictionary<string, double>? rewardWeights = null, RewardSet? rewards = null)
    {
        Task = task;
        Engine = engine;
        Evaluation = new ResponseEvaluation(engine, new Generator(engine, tokenizer, batchSize, speculation), task, rewardWeights, rewards);
    }

    /// <summary>The task.</summary>
    public TuningTask Task { get; }

    /// <summary>The engine.</summary>
    public IEngine Engine { get; }

    internal ResponseEvaluation Evaluation { get; }

    /// <summary>Generates and scores with the weights as they are.</summary>
    /// <param name="split">Which problems.</param>
    /// <param name="iteration">How many updates the weights have had; for the record.</param>
    /// <param name="problems">Those problems.</param>
    /// <param name="settings">Length, sampling and seed.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public (EvaluationResult Result, IReadOnlyList<ScoredResponse> Responses) Evaluate(
        TaskSplit split, int iteration, IReadOnlyList<EncodedProblem> problems, EvolutionSettings settings, CancellationToken stop)
    {
        NoiseKey draws = NoiseKey.Of(settings.Seed, 0, (uint)split, NoiseDomain.TokenSampling);
        ScoredResponse[] responses = Evaluation.OfWeights(problems, settings.Generation(Task.StopStrings), draws, stop);
        ResponseTotals totals = new();
        foreach (ScoredResponse response in responses) totals.Add(response.Completion, response.Reward, response.Measures);
        string name = split.ToString().ToLowerInvariant();
        return (new(name, iteration, totals.Count, totals.Correct, totals.Reward, totals.Parts, totals.Measures, totals.Length, totals.Truncated), responses);
    }

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();
}
