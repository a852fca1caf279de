using System.Diagnostics;
using Evolute.Engines;
using Evolute.Generation;
using Evolute.Noise;
using Evolute.Rewards;
using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>Generates and scores: members of a population side by side on the engine's seats, or the weights as they are on all of them.</summary>
internal sealed class ResponseEvaluation(IEngine engine, Generator generator, TuningTask task, IReadOnlyDictionary<string, double>? rewardWeights = null, RewardSet? rewards = null)
{
    /// <summary>The stage of <see cref="Clock"/> in which generation was done and rewards were not.</summary>
    internal const string WaitStage = "reward-wait";

    private readonly RewardSet _rewards = rewards ?? RewardSet.OfTask;
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
        using RewardRound rewards = new(_rewards, Score, [.. problems.Select(p => p.Problem)], members.Count, stop);
        var completions = new Completion[members.Count * prompts.Length];
        long generated = 0;
        int places = Math.Min(engine.MembersTogether(members[0].Noise), Places(members.Count, generator.SlotsPerSeat)), next = -1;
        Generate(rewards, () =>
        {
            engine.RunSeats(Answer);
            generated = Stopwatch.GetTimestamp();
        });
        if (_rewards.Rewards.Count > 0) Clock.Add(WaitStage, generated);
        var totals = new ResponseTotals[members.Count];
        for (int n = 0; n < totals.Length; n++)
        {
            totals[n] = new();
            for (int i = 0; i < prompts.Length; i++) totals[n].Add(completions[n * prompts.Length + i], rewards.Of(n, i), _nothing);
        }
        return totals;

        void Answer(int seat)
        {
            List<int> taken = [];
            long clock = Stopwatch.GetTimestamp();
            generator.RunMembers(seat, places, Next, settings, Completed, stop: rewards.Stop);
            Clock.Add("generate", clock);
            rewards.Flush();

            IReadOnlyList<MemberPrompt> Next(int place)
            {
                // Where members do not share a seat, the one before is complete.
                if (places == 1) rewards.Flush();
                int n = Interlocked.Increment(ref next);
                if (n >= members.Count) return [];
                clock = Clock.Add("generate", clock);
                taken.Add(n);
                engine.Prepare(seat, members[n], sigma, place, places);
                clock = Clock.Add("prepare", clock);
                TokenDraws draws = new(NoiseKey.Of(members[n].RunSeed, members[n].Iteration, (uint)n, NoiseDomain.TokenSampling));
                return [.. prompts.Select((ids, i) => new MemberPrompt(ids, i, draws))];
            }

            void Completed(int index, Completion completion)
            {
                clock = Clock.Add("generate", clock);
                (int n, int i) = (taken[index / prompts.Length], index % prompts.Length);
                completions[n * prompts.Length + i] = completion;
                rewards.Add(n, i, completion);
                clock = Clock.Add("reward", clock);
            }
        }
    }

    /// <summary>Generates, and waits for what is still being scored; a reward's failure ends both.</summary>
    private static void Generate(RewardRound rewards, Action generate)
    {
        try
        {
            generate();
        }
        catch (OperationCanceledException)
        {
            rewards.ThrowFault();
            throw;
        }
        rewards.Finish();
    }

    /// <summary>
    /// Members that are worth holding on a seat at once: a member leaves its place with its last answer, so that more than one for every slot, and one whose prompts wait, are never held. An engine
    /// may hold fewer.
    /// </summary>
    internal static int Places(int members, int slots) => Math.Min(members, slots + 1);

    /// <summary>The unperturbed weights' responses.</summary>
    /// <param name="problems">What is asked.</param>
    /// <param name="settings">How it is answered.</param>
    /// <param name="draws">Where random numbers come from, if any.</param>
    /// <param name="stop">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public ScoredResponse[] OfWeights(IReadOnlyList<EncodedProblem> problems, GenerationSettings settings, NoiseKey draws, CancellationToken stop)
    {
        var measures = new IReadOnlyDictionary<string, double>[problems.Count];
        long clock = Stopwatch.GetTimestamp();
        using RewardRound rewards = new(_rewards, Score, [.. problems.Select(p => p.Problem)], 1, stop);
        Completion[] completions = [];
        Generate(rewards, () => completions = PromptBatch.Run(
            engine, generator, [.. problems.Select(p => p.Ids)], settings, draws,
            (i, completion) =>
            {
                rewards.Add(0, i, completion);
                measures[i] = task.Measure(problems[i].Problem, completion.Text);
            },
            stop: rewards.Stop));
        Clock.Add("evaluate", clock);
        return [.. problems.Select((p, i) => new ScoredResponse(p.Problem, completions[i], rewards.Of(0, i), measures[i]))];
    }

    private RewardResult Score(TaskProblem problem, string response)
    {
        RewardResult reward = task.Score(problem, response);
        if (rewardWeights is not null) reward = RewardWeights.Apply(rewardWeights, reward);
        return double.IsFinite(reward.Score)
            ? reward
            : throw new EvoluteFaultException($"The reward of problem {problem.Id} is not a finite number ({reward.Score}); nothing was written for this iteration.");
    }
}

/// <summary>A response and what it was worth.</summary>
/// <param name="Problem">What was asked.</param>
/// <param name="Completion">What the model answered.</param>
/// <param name="Reward">What the reward function made of it.</param>
/// <param name="Measures">What the task measures besides.</param>
public sealed record ScoredResponse(TaskProblem Problem, Completion Completion, RewardResult Reward, IReadOnlyDictionary<string, double> Measures);
