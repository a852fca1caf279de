namespace Evolute.Cli.Bench;

/// <summary>A stage measured in turn with another program: ours, theirs, ours, theirs, …</summary>
/// <param name="Command">The other program.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Batch">Sequences side by side.</param>
/// <param name="Ours">Tokens a second, in order.</param>
/// <param name="Theirs">Tokens a second, in order.</param>
internal sealed record PeerComparison(string Command, string Stage, int Batch, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs)
{
    /// <summary>Median of ours.</summary>
    public double OursTokensPerS => BenchRow.Median(Ours);

    /// <summary>Median of theirs.</summary>
    public double TheirsTokensPerS => BenchRow.Median(Theirs);

    /// <summary>Our median over theirs.</summary>
    public double Ratio => OursTokensPerS / TheirsTokensPerS;

    /// <summary>The least ratio of neighbours.</summary>
    public double RatioLow => Ours.Zip(Theirs, (a, b) => a / b).Min();

    /// <summary>The greatest ratio of neighbours.</summary>
    public double RatioHigh => Ours.Zip(Theirs, (a, b) => a / b).Max();

    /// <summary>Measures.</summary>
    public static (PeerComparison Comparison, BenchRow Row) Of(TimedStage stage, string command, PeerCommand peer, StageTiming timing)
    {
        timing.Begin($"{stage.Title} against {command}");
        long workingSet = stage.Warm();
        List<StageSample> ours = [];
        List<double> theirs = [];
        LimitReading limits = timing.Repeat(workingSet, () =>
        {
            // The other program has just had the caches.
            stage.Warm();
            ours.Add(stage.Once());
            theirs.Add(peer.TokensPerSecond());
        });
        return (new(command, stage.Name, stage.Batch, [.. ours.Select(s => s.Tokens / s.Seconds)], theirs), BenchRow.Of(stage.Name, stage.Batch, ours, limits));
    }
}
