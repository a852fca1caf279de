using System.Diagnostics;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>Generates and scores: members of a population side by side on the engine's seats, or the weights as they are on all of them.</summary>
internal sealed class ResponseEvaluation(IEngine engine, Generator generator, TuningTask task, IReadOnlyDictionary<string, double>? rewardWeights = null)
{
    private readonly IReadOnlyDictionary<string, double> _nothing = new Dictionary<string, double>();

    /// <summary>Where the time went.</summary>
    public StageClock Clock { get; } = new();

    /// <summary>What generating took since the last time.</summary>
    public GenerationCounts TakeCounts() => generator.TakeCounts();

    /// <summary>Every member's responses to the same problems, scored.</summary>
    /// <param name="members">The population.</param>
    /// <param name="sigma">Scale of the noise.</param>
    /// <param name="problems">What all members are asked.</param>
    /// <param name="settings">How they answer.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public ResponseTotals[] OfMembers(
        IReadOnlyList<Perturbation> members, float sigma, IReadOnlyList<EncodedProblem> problems, GenerationSettings settings, CancellationToken stop)
    {
        int[][] prompts = [.. problems.Select(p => p.Ids)];
        generator.Reserve(prompts.Max(p => p.Length), settings.MaxNewTokens);
        var totals = new ResponseTotals[members.Count];
        SharedRewards rewards = new((i, text) => Score(problems[i], text));
        int next = -1;
        engine.RunSeats(seat =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) < totals.Length;)
            {
                long clock = Stopwatch.GetTimestamp();
                Perturbation member = members[n];
                engine.Prepare(seat, member, sigma);
                clock = Clock.Add("prepare", clock);
                TokenDraws draws = new(NoiseKey.Of(member.RunSeed, member.Iteration, (uint)n, NoiseDomain.TokenSampling));
                Completion[] completions = generator.Run(seat, prompts, settings, draws, stop: stop);
                clock = Clock.Add("generate", clock);
                totals[n] = new();
                for (int i = 0; i < completions.Length; i++)
                    totals[n].Add(completions[i], rewards.Of(i, completions[i].Text), _nothing);
                Clock.Add("reward", clock);
            }
        });
        return totals;
    }

    /// <summary>The unperturbed weights' responses.</summary>
    /// <param name="problems">What is asked.</param>
    /// <param name="settings">How it is answered.</param>
    /// <param name="draws">Where random numbers come from, if any.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public ScoredResponse[] OfWeights(IReadOnlyList<EncodedProblem> problems, GenerationSettings settings, NoiseKey draws, CancellationToken stop)
    {
        var responses = new ScoredResponse[problems.Count];
        long clock = Stopwatch.GetTimestamp();
        PromptBatch.Run(
            engine, generator, [.. problems.Select(p => p.Ids)], settings, draws,
            (i, completion) => responses[i] = new(problems[i].Problem, completion, Score(problems[i], completion.Text), task.Measure(problems[i].Problem, completion.Text)),
            stop: stop);
        Clock.Add("evaluate", clock);
        return responses;
    }

    private RewardResult Score(EncodedProblem problem, string response)
    {
        RewardResult reward = task.Score(problem.Problem, response);
        if (rewardWeights is not null) reward = RewardWeights.Apply(rewardWeights, reward);
        return double.IsFinite(reward.Score)
            ? reward
            : throw new EvoluteFaultException($"The reward of problem {problem.Problem.Id} is not a finite number ({reward.Score}); nothing was written for this iteration.");
    }
}

/// <summary>A response and what it was worth.</summary>
/// <param name="Problem">What was asked.</param>
/// <param name="Completion">What the model answered.</param>
/// <param name="Reward">What the reward function made of it.</param>
/// <param name="Measures">What the task measures besides.</param>
public sealed record ScoredResponse(TaskProblem Problem, Completion Completion, RewardResult Reward, IReadOnlyDictionary<string, double> Measures);
