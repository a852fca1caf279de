using System.Diagnostics;

namespace Evolute.Cli.Bench;

/// <summary>Measures stages a number of times each, with a reading of the machine's limits before, between and after.</summary>
internal sealed class StageTiming(MachineLimits limits, int repeats, Progress progress, CancellationToken stop)
{
    private bool _begun;

    /// <summary>Measurements of a stage.</summary>
    public int Repeats => repeats;

    /// <summary>Says that a stage begins, and with it that the one before has ended.</summary>
    public void Begin(string stage)
    {
        stop.ThrowIfCancellationRequested();
        progress.Advance(_begun ? 1 : 0, stage);
        _begun = true;
    }

    /// <summary>Runs a body so many times between readings; the medians of those.</summary>
    /// <param name="workingSet">Bytes that the body reads over and over.</param>
    /// <param name="body">What is measured; it keeps its own measurements.</param>
    public LimitReading Repeat(long workingSet, Action body)
    {
        List<LimitReading> readings = [limits.Read(workingSet)];
        for (int i = 0; i < repeats; i++)
        {
            stop.ThrowIfCancellationRequested();
            body();
            readings.Add(limits.Read(workingSet));
        }
        return Median(readings);
    }

    /// <summary>The row of a stage, after one turn that does not count.</summary>
    public BenchRow Row(TimedStage stage)
    {
        Begin(stage.Title);
        long workingSet = stage.Warm();
        List<StageSample> samples = [];
        LimitReading reading = Repeat(workingSet, () => samples.Add(stage.Once()));
        return BenchRow.Of(stage.Name, stage.Batch, samples, reading);
    }

    /// <summary>One reading of the limits.</summary>
    public LimitReading Read(long workingSet) => limits.Read(workingSet);

    /// <summary>The medians of readings.</summary>
    public static LimitReading Median(IReadOnlyList<LimitReading> readings) =>
        new(BenchRow.Median(readings.Select(r => r.PeakGflops)), BenchRow.Median(readings.Select(r => r.ReadGbs)));

    /// <summary>Seconds that a body takes.</summary>
    public static double Seconds(Action body)
    {
        long start = Stopwatch.GetTimestamp();
        body();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Work of the engine that can be timed again and again, always the same.</summary>
internal abstract class TimedStage
{
    /// <summary>The name in the report.</summary>
    public abstract string Name { get; }

    /// <summary>Sequences side by side.</summary>
    public abstract int Batch { get; }

    /// <summary>The name for people.</summary>
    public abstract string Title { get; }

    /// <summary>Makes ready and runs once so that everything is compiled; returns the bytes that the work reads over and over.</summary>
    public abstract long Warm();

    /// <summary>One measurement.</summary>
    public abstract StageSample Once();
}
