using System.Diagnostics;
using System.Threading.Channels;

namespace Evolute.Rewards;

/// <summary>
/// A scorer in any language, kept running: rows go to its standard input, answers come from its standard output, in any order. A response that keeps others waiting, or was the oldest
/// when the scorer died, is asked again of a process of its own with the whole time limit, while the others go on with a fresh one; so one bad response costs the others
/// little, and only a response that fails alone counts as failed.
/// </summary>
public sealed class ProcessReward : IReward, IDisposable
{
    /// <summary>Rows that a process is given ahead of its answers.</summary>
    private const int Window = 64;

    /// <summary>Processes for responses that are asked alone.</summary>
    private const int MostAlone = 8;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(250);

    private readonly string _command;
    private readonly RewardFailures _failures;
    private readonly Action<string> _log;
    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly LinkedList<Item> _waiting = new();
    private readonly Queue<Item> _alone = new();
    private readonly Lane _main = new(false);
    private readonly List<Lane> _aloneLanes = [];
    private readonly Task _loop;
    private TimeSpan _longest, _longestStart;
    private long _lastId;
    private bool _closed;

    /// <summary>A scorer, started when the first response comes.</summary>
    /// <param name="command">A command for the system's shell.</param>
    /// <param name="failures">The time limit and what happens where an answer is no answer.</param>
    /// <param name="log">Told of answers that belong to no response.</param>
    public ProcessReward(string command, RewardFailures failures, Action<string> log)
    {
        (_command, _failures, _log) = (command, failures, log);
        _loop = Task.Run(LoopAsync);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RewardValue>> ScoreAsync(IReadOnlyList<RewardCompletion> completions, CancellationToken stop)
    {
        Item[] items = [.. completions.Select(c => new Item(Interlocked.Increment(ref _lastId), c))];
        ObjectDisposedException.ThrowIf(!_events.Writer.TryWrite(() => Enqueue(items)), this);
        try
        {
            return await Task.WhenAll(items.Select(i => i.Answer.Task)).WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for them any more.
            _events.Writer.TryWrite(() => Forget(items));
            throw;
        }
    }

    /// <summary>Ends all processes.</summary>
    public void Dispose()
    {
        _events.Writer.TryWrite(Close);
        _events.Writer.TryComplete();
        _loop.Wait();
    }

    private async Task LoopAsync()
    {
        ChannelReader<Action> reader = _events.Reader;
        while (!_closed)
        {
            TimeSpan? wait = NextDeadline();
            Task<bool> more = reader.WaitToReadAsync().AsTask();
            if (wait is null) await more.ConfigureAwait(false);
            else await Task.WhenAny(more, Task.Delay(wait.Value)).ConfigureAwait(false);
            while (!_closed && reader.TryRead(out Action? happened)) happened();
            if (_closed) return;
            foreach (Lane lane in (Lane[])[_main, .. _aloneLanes]) CheckTime(lane);
            Dispatch();
        }
    }

    private void Close()
    {
        _closed = true;
        foreach (Lane lane in (Lane[])[_main, .. _aloneLanes])
        {
            lane.Process?.Dispose();
            foreach (Item item in lane.InFlight) item.Answer.TrySetCanceled();
        }
        foreach (Item item in (Item[])[.. _waiting, .. _alone]) item.Answer.TrySetCanceled();
    }

    private void Enqueue(Item[] items)
    {
        foreach (Item item in items) _waiting.AddLast(item);
    }

    private void Forget(Item[] items)
    {
        foreach (Item item in items)
        {
            _waiting.Remove(item);
            item.Answer.TrySetCanceled();
        }
    }

    private void Dispatch()
    {
        while (_main.InFlight.Count < Window && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            Send(_main, first.Value);
        }
        while (_alone.Count > 0)
        {
            Lane? free = _aloneLanes.Find(l => l.InFlight.Count == 0);
            if (free is null && _aloneLanes.Count < MostAlone) _aloneLanes.Add(free = new(true));
            if (free is null) return;
            Send(free, _alone.Dequeue());
        }
        // Processes for single responses are needed while there are some.
        foreach (Lane idle in _aloneLanes.Where(l => l.InFlight.Count == 0).ToArray())
        {
            idle.Process?.Dispose();
            _aloneLanes.Remove(idle);
        }
    }

    private void Send(Lane lane, Item item)
    {
        if (item.Answer.Task.IsCompleted) return;
        lane.Process ??= new ScorerProcess(_command, (p, line) => Post(() => Read(lane, p, line)), (p, code) => Post(() => Exited(lane, p, code)));
        if (lane.InFlight.Count == 0) lane.Since = Stopwatch.GetTimestamp();
        lane.InFlight.Add(item);
        lane.Process.Write(RewardProtocol.Line(RewardProtocol.Row(item.Id, item.Completion)));
    }

    private void Post(Action action) => _events.Writer.TryWrite(action);

    private void Read(Lane lane, ScorerProcess process, string? line)
    {
        if (lane.Process != process) return;
        if (line is null)
        {
            Complain(lane, $"gave a line of more than {RewardProtocol.LongestLine} characters");
            return;
        }
        (long? id, RewardValue value) = RewardProtocol.Answer(line);
        int index = lane.InFlight.FindIndex(i => i.Id == id);
        if (index < 0)
        {
            Complain(lane, id is null ? value.Failure!
                : lane.Answered.Contains(id.Value) ? $"answered id {id} twice" : $"answered id {id}, which it was not given");
            return;
        }
        Item item = lane.InFlight[index];
        lane.InFlight.RemoveAt(index);
        if (lane.Answered.Count > 1 << 16) lane.Answered.Clear();
        lane.Answered.Add(item.Id);
        if (index == 0)
        {
            TimeSpan took = Stopwatch.GetElapsedTime(lane.Since);
            if (!lane.HasAnswered) _longestStart = Max(_longestStart, took);
            else if (!lane.IsAlone) _longest = Max(_longest, took);
            lane.Since = Stopwatch.GetTimestamp();
        }
        lane.HasAnswered = true;
        item.Answer.TrySetResult(value);
    }

    /// <summary>An answer that belongs to no response: with the policy to end the run, the oldest response fails by it.</summary>
    private void Complain(Lane lane, string sentence)
    {
        if (_failures.Policy != FailurePolicy.Fail) _log($"It {sentence}; the line is ignored.");
        else if (lane.InFlight.Count > 0) Take(lane, 0).Answer.TrySetResult(RewardValue.Failed(sentence));
        else _waiting.First?.Value.Answer.TrySetResult(RewardValue.Failed(sentence));
    }

    private void Exited(Lane lane, ScorerProcess process, int code)
    {
        if (lane.Process != process) return;
        Restart(lane, $"ended with exit code {code}{Said(process)}");
    }

    private void CheckTime(Lane lane)
    {
        if (lane.Process is null || lane.InFlight.Count == 0 || Stopwatch.GetElapsedTime(lane.Since) < Limit(lane)) return;
        Restart(lane, FormattableString.Invariant($"gave no answer within {_failures.Limit.TotalSeconds:0.###} s{Said(lane.Process)}"));
    }

    /// <summary>Ends a lane's process. A response that was alone with it, for the whole limit or when it died, has failed; else the oldest is asked again alone, and the others of a fresh process; or all alone, where two processes in a row have answered nothing.</summary>
    private void Restart(Lane lane, string failure)
    {
        bool alone = lane.InFlight.Count == 1 && (lane.IsAlone || _waiting.Count == 0);
        lane.Process?.Dispose();
        lane.Barren = lane.HasAnswered ? 0 : lane.Barren + 1;
        (lane.Process, lane.HasAnswered, Item[] had) = (null, false, [.. lane.InFlight]);
        lane.InFlight.Clear();
        lane.Answered.Clear();
        if (had.Length == 0) return;
        if (alone) had[0].Answer.TrySetResult(RewardValue.Failed(failure));
        else _alone.Enqueue(had[0]);
        // At the end of the line: neighbours of a bad response are likely bad too, and those behind them need not wait for that. Then from the other end, where good ones may be.
        IEnumerable<Item> others = had.Skip(1);
        foreach (Item item in lane.Barren == 1 ? others.Reverse() : others)
            if (lane.Barren > 1) _alone.Enqueue(item);
            else _waiting.AddLast(item);
    }

    private static Item Take(Lane lane, int index)
    {
        Item item = lane.InFlight[index];
        lane.InFlight.RemoveAt(index);
        return item;
    }

    /// <summary>How long the oldest response of a lane may take: while others wait for it, ten times the longest so far, and at a process's beginning three times the longest beginning besides.</summary>
    private TimeSpan Limit(Lane lane)
    {
        if (lane.IsAlone || (lane.InFlight.Count == 1 && _waiting.Count == 0)) return _failures.Limit;
        // Nothing is known of a scorer that has never answered: it may have a model to load.
        if (_longestStart == default) return _failures.Limit;
        TimeSpan patience = Max(LeastPatience, _longest == default ? _longestStart : 10 * _longest);
        return Min(_failures.Limit, lane.HasAnswered ? patience : patience + 3 * _longestStart);
    }

    private TimeSpan? NextDeadline()
    {
        TimeSpan? next = null;
        foreach (Lane lane in (Lane[])[_main, .. _aloneLanes])
        {
            if (lane.InFlight.Count == 0) continue;
            TimeSpan left = Limit(lane) - Stopwatch.GetElapsedTime(lane.Since);
            left = left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left;
            next = next is null ? left : Min(next.Value, left);
        }
        return next;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Said(ScorerProcess process) => process.Error is { Length: > 0 } error ? $"; it wrote: {string.Concat(error.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)).ReplaceLineEndings(" | ")}" : "";

    private sealed record Item(long Id, RewardCompletion Completion)
    {
        public TaskCompletionSource<RewardValue> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A process with what it has been given.</summary>
    private sealed class Lane(bool isAlone)
    {
        public bool IsAlone { get; } = isAlone;

        public ScorerProcess? Process { get; set; }

        /// <summary>Oldest first.</summary>
        public List<Item> InFlight { get; } = [];

        public HashSet<long> Answered { get; } = [];

        /// <summary>Whether its process has answered something.</summary>
        public bool HasAnswered { get; set; }

        /// <summary>Processes in a row that ended without an answer.</summary>
        public int Barren { get; set; }

        /// <summary>When the oldest became the oldest.</summary>
        public long Since { get; set; }
    }
}
