namespace Evolute.Cli.Bench;

/// <summary>One measurement of a stage.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Work">What it did.</param>
/// <param name="Tokens">The tokens that its speed counts.</param>
internal readonly record struct StageSample(double Seconds, OperationCount Work, long Tokens);

/// <summary>What is reported of a stage: medians over its measurements; null where a figure has no meaning for it.</summary>
internal sealed record BenchRow
{
    /// <summary>The stage's name.</summary>
    public required string Stage { get; init; }

    /// <summary>Sequences side by side.</summary>
    public int? Batch { get; init; }

    /// <summary>Measurements.</summary>
    public required int Repeats { get; init; }

    /// <summary>Median of the measurements.</summary>
    public required double Seconds { get; init; }

    /// <summary>(Longest − shortest) / median.</summary>
    public required double Spread { get; init; }

    /// <summary>Tokens a second: of the prompts for prefill, else new ones.</summary>
    public double? TokensPerS { get; init; }

    /// <summary>Float32 operations of one measurement (<see cref="StepOperations"/>).</summary>
    public long? Operations { get; init; }

    /// <summary>Bytes of one measurement that have to be moved at least.</summary>
    public long? Bytes { get; init; }

    /// <summary>10⁹ operations a second.</summary>
    public double? Gflops { get; init; }

    /// <summary>10⁹ bytes a second.</summary>
    public double? Gbs { get; init; }

    /// <summary>The machine's peak around these measurements.</summary>
    public double? PeakGflops { get; init; }

    /// <summary>The bandwidth around these measurements, over as many bytes as a step reads.</summary>
    public double? ReadGbs { get; init; }

    /// <summary>What bounds the stage: <c>compute</c> or <c>memory</c>.</summary>
    public string? Limit { get; init; }

    /// <summary>max(operations / peak, bytes / bandwidth) / seconds.</summary>
    public double? ShareOfLimit { get; init; }

    /// <summary>2 · parameters · (prompt + new tokens) / peak / seconds.</summary>
    public double? ShareOfPeakByParameters { get; init; }

    /// <summary>Nanoseconds that one core takes for a normal.</summary>
    public double? NsPerNormalPerCore { get; init; }

    /// <summary>A row of measurements.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="batch">Sequences side by side.</param>
    /// <param name="samples">The measurements, at least one.</param>
    /// <param name="limits">What the machine could do at the time.</param>
    public static BenchRow Of(string stage, int? batch, IReadOnlyList<StageSample> samples, LimitReading limits)
    {
        double seconds = Median(samples.Select(s => s.Seconds));
        StageSample middle = samples.MinBy(s => Math.Abs(s.Seconds - seconds));
        double compute = middle.Work.Operations / (limits.PeakGflops * 1e9), memory = middle.Work.Bytes / (limits.ReadGbs * 1e9);
        return new()
        {
            Stage = stage,
            Batch = batch,
            Repeats = samples.Count,
            Seconds = seconds,
            Spread = (samples.Max(s => s.Seconds) - samples.Min(s => s.Seconds)) / seconds,
            TokensPerS = middle.Tokens > 0 ? Median(samples.Select(s => s.Tokens / s.Seconds)) : null,
            Operations = middle.Work.Operations > 0 ? middle.Work.Operations : null,
            Bytes = middle.Work.Bytes > 0 ? middle.Work.Bytes : null,
            Gflops = middle.Work.Operations > 0 ? Median(samples.Select(s => s.Work.Operations / s.Seconds)) / 1e9 : null,
            Gbs = middle.Work.Bytes > 0 ? Median(samples.Select(s => s.Work.Bytes / s.Seconds)) / 1e9 : null,
            PeakGflops = limits.PeakGflops,
            ReadGbs = limits.ReadGbs,
            Limit = middle.Work is { Operations: 0, Bytes: 0 } ? null : compute >= memory ? "compute" : "memory",
            ShareOfLimit = middle.Work is { Operations: 0, Bytes: 0 }
                ? null
                : Median(samples.Select(s => Math.Max(s.Work.Operations / (limits.PeakGflops * 1e9), s.Work.Bytes / (limits.ReadGbs * 1e9)) / s.Seconds)),
        };
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
