using System.Runtime.ExceptionServices;

namespace Evolute.Engines.Cpu;

/// <summary>
/// A fixed team of threads that all run one body and meet at its end: the engine's only parallelism. The caller is member 0. Waiting threads
/// spin briefly (a step's parts are microseconds apart), then give way, then sleep, so that an oversubscribed machine still makes progress.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    /// <summary>
    /// Some 75 µs of spinning, longer than a part of a step takes; then some milliseconds of giving way. Where there are more threads than cores, longer spinning would
    /// take the processor from the very thread that is waited for.
    /// </summary>
    private const int Spins = 100, PausesTogether = 20, Yields = 4000;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private Action<int>? _body;
    private ExceptionDispatchInfo? _failure;
    private int _generation, _working, _next, _asleep;
    private volatile bool _stopping;

    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Work(member), 16 << 20) { IsBackground = true, Name = $"evolute-{member}" };
            _threads[i].Start();
        }
    }

    /// <summary>Members, the caller among them.</summary>
    public int Size { get; }

    /// <summary>Runs <paramref name="body"/> on every member, 0 to Size − 1, and returns when all are done; the first exception is thrown on.</summary>
    public void Run(Action<int> body)
    {
        _next = 0;
        if (Size == 1)
        {
            body(0);
            return;
        }
        _body = body;
        _failure = null;
        Volatile.Write(ref _working, Size - 1);
        Interlocked.Increment(ref _generation);
        if (Volatile.Read(ref _asleep) > 0) lock (_gate) Monitor.PulseAll(_gate);
        Guarded(body, 0);
        for (int waits = 0; Volatile.Read(ref _working) > 0; waits++) Wait(waits);
        _body = null;
        _failure?.Throw();
    }

    /// <summary>Within a run: the first of the next <paramref name="count"/> units that no member has taken yet.</summary>
    public int Take(int count) => Interlocked.Add(ref _next, count) - count;

    public void Dispose()
    {
        _stopping = true;
        Interlocked.Increment(ref _generation);
        lock (_gate) Monitor.PulseAll(_gate);
        foreach (Thread thread in _threads) thread.Join();
    }

    private void Work(int member)
    {
        int seen = 0;
        while (true)
        {
            AwaitGenerationAfter(seen);
            seen = Volatile.Read(ref _generation);
            if (_stopping) return;
            Guarded(_body!, member);
            Interlocked.Decrement(ref _working);
        }
    }

    private void AwaitGenerationAfter(int seen)
    {
        for (int waits = 0; waits < Spins + Yields; waits++)
        {
            if (Volatile.Read(ref _generation) != seen) return;
            Wait(waits);
        }
        lock (_gate)
        {
            Interlocked.Increment(ref _asleep);
            while (Volatile.Read(ref _generation) == seen) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _asleep);
        }
    }

    private void Guarded(Action<int> body, int member)
    {
        try
        {
            body(member);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private static void Wait(int waits)
    {
        if (waits < Spins) Thread.SpinWait(PausesTogether);
        else Thread.Yield();
    }
}
