using System.Collections.Concurrent;
using Evolute.Generation;
using Evolute.Tasks;

namespace Evolute.Rewards;

/// <summary>
/// The rewards of one iteration or evaluation: some respondents' (members') responses to the same problems. Responses are handed in as they come, from any thread, and scored beside the
/// generation; results stand by place, so they do not depend on when a reward came. Equal responses to a problem are scored once.
/// </summary>
internal sealed class RewardRound : IDisposable
{
    /// <summary>Responses of a call.</summary>
    private const int Batch = 32;

    private readonly RewardSet _set;
    private readonly IReadOnlyList<TaskProblem> _problems;
    private readonly Func<TaskProblem, string, RewardResult> _task;
    private readonly GuardedReward[] _rewards;
    private readonly CancellationTokenSource _stop;
    private readonly RewardResult[] _own;
    private readonly Task<RewardValue>[,] _values;
    private readonly ConcurrentDictionary<(int Problem, string Text), RewardResult> _known = new();
    private readonly Dictionary<(int Problem, string Text, FinishReason Finish), TaskCompletionSource<RewardValue>[]> _asked = [];
    private readonly List<(RewardCompletion Completion, TaskCompletionSource<RewardValue>[] Answers)> _pending = [];
    private RewardResult[]? _results;
    private Exception? _fault;

    /// <summary>A round.</summary>
    /// <param name="set">The rewards.</param>
    /// <param name="task">The task's own reward, a pure function.</param>
    /// <param name="problems">What is asked.</param>
    /// <param name="respondents">How often each is answered.</param>
    /// <param name="stop">Ends the work.</param>
    public RewardRound(RewardSet set, Func<TaskProblem, string, RewardResult> task, IReadOnlyList<TaskProblem> problems, int respondents, CancellationToken stop)
    {
        (_set, _task, _problems) = (set, task, problems);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _rewards = [.. set.Rewards.Select(r => new GuardedReward(r, set.Failures, set.Log))];
        _own = new RewardResult[respondents * problems.Count];
        _values = new Task<RewardValue>[_rewards.Length, _own.Length];
    }

    /// <summary>Ends the generation where a reward's failure ends the run.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Hands in a response.</summary>
    public void Add(int respondent, int problem, Completion completion)
    {
        int place = respondent * _problems.Count + problem;
        if (!_known.TryGetValue((problem, completion.Text), out RewardResult? own)) own = _known.GetOrAdd((problem, completion.Text), _task(_problems[problem], completion.Text));
        _own[place] = own;
        if (_rewards.Length == 0) return;
        lock (_pending)
        {
            if (!_asked.TryGetValue((problem, completion.Text, completion.Finish), out TaskCompletionSource<RewardValue>[]? answers))
            {
                answers = [.. _rewards.Select(_ => new TaskCompletionSource<RewardValue>(TaskCreationOptions.RunContinuationsAsynchronously))];
                _asked.Add((problem, completion.Text, completion.Finish), answers);
                _pending.Add((new(_problems[problem], completion), answers));
            }
            for (int r = 0; r < answers.Length; r++) _values[r, place] = answers[r].Task;
            if (_pending.Count >= Batch) Send();
        }
    }

    /// <summary>Sends what is handed in to the rewards.</summary>
    public void Flush()
    {
        lock (_pending) Send();
    }

    /// <summary>Waits for all rewards.</summary>
    /// <exception cref="EvoluteFaultException">A reward failed, and the policy is to end the run.</exception>
    public void Finish()
    {
        Flush();
        try
        {
            if (_rewards.Length > 0) Task.WaitAll([.. _values.Cast<Task>()], _stop.Token);
        }
        catch (Exception e) when (e is AggregateException or OperationCanceledException)
        {
            ThrowFault();
            throw;
        }
        _results = [.. Enumerable.Range(0, _own.Length).Select(Result)];
    }

    /// <summary>Throws the failure of a reward that ended the work, if there is one.</summary>
    public void ThrowFault()
    {
        lock (_pending)
            if (_fault is EvoluteFaultException) throw new EvoluteFaultException(_fault.Message, _fault);
            else if (_fault is not null and not OperationCanceledException) throw new EvoluteFaultException($"A reward failed: {_fault.Message}", _fault);
    }

    /// <summary>A response's reward; after <see cref="Finish"/>.</summary>
    public RewardResult Of(int respondent, int problem) => _results![respondent * _problems.Count + problem];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Send()
    {
        if (_pending.Count == 0) return;
        (RewardCompletion Completion, TaskCompletionSource<RewardValue>[] Answers)[] sent = [.. _pending];
        _pending.Clear();
        CancellationToken stop = _stop.Token;
        for (int r = 0; r < _rewards.Length; r++)
        {
            int index = r;
            _ = Task.Run(() => ScoreAsync(index, sent, stop), CancellationToken.None);
        }
    }

    private async Task ScoreAsync(int reward, (RewardCompletion Completion, TaskCompletionSource<RewardValue>[] Answers)[] sent, CancellationToken stop)
    {
        try
        {
            IReadOnlyList<RewardValue> values = await _rewards[reward].ScoreAsync([.. sent.Select(s => s.Completion)], stop).ConfigureAwait(false);
            for (int i = 0; i < sent.Length; i++) sent[i].Answers[reward].SetResult(values[i]);
        }
        catch (Exception e)
        {
            lock (_pending) _fault ??= e;
            foreach ((_, TaskCompletionSource<RewardValue>[] answers) in sent) answers[reward].TrySetCanceled(CancellationToken.None);
            try
            {
                await _stop.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The round is over.
            }
        }
    }

    private RewardResult Result(int place)
    {
        RewardResult own = _own[place];
        if (_rewards.Length == 0 && _set.TaskWeight == 1) return own;
        var values = new RewardValue[_rewards.Length];
        for (int r = 0; r < values.Length; r++)
        {
            RewardValue value = _values[r, place].Result;
            values[r] = value.Score is null ? value with { Score = Left(r, place) } : value;
        }
        (double? score, IReadOnlyDictionary<string, double> parts, bool correct) = _set.Sum(own, values);
        return new(score ?? 0, parts, correct);
    }

    /// <summary>
    /// What a reward that does not apply to a response counts as: the mean of what it gave the others, so that it neither helps nor harms; those to the same problem where there are
    /// several respondents, else those to the other problems. 0 where it applies to none.
    /// </summary>
    private double Left(int reward, int place)
    {
        int problems = _problems.Count, first = 0, step = 1, count = _own.Length;
        if (count > problems) (first, step, count) = (place % problems, problems, count / problems);
        double sum = 0;
        int given = 0;
        for (int i = 0; i < count; i++)
            if (_values[reward, first + i * step].Result.Score is { } score)
            {
                sum += score;
                given++;
            }
        return given == 0 ? 0 : sum / given;
    }
}
