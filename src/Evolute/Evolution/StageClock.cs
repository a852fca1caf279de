using System.Diagnostics;

namespace Evolute.Evolution;

/// <summary>Seconds of work by stage, summed over the threads that did it; a matter of record, never of results.</summary>
internal sealed class StageClock
{
    private readonly SortedDictionary<string, double> _seconds = new(StringComparer.Ordinal);

    /// <summary>Adds the time since <paramref name="start"/> (<see cref="Stopwatch.GetTimestamp"/>) to a stage; returns the time now.</summary>
    public long Add(string stage, long start)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_seconds) _seconds[stage] = _seconds.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(start, now).TotalSeconds;
        return now;
    }

    /// <summary>Gives the seconds so far and starts anew.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        SortedDictionary<string, double> taken = new(_seconds, StringComparer.Ordinal);
        _seconds.Clear();
        return taken;
    }
}
