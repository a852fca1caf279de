using System.Diagnostics;
using System.Globalization;
using Evolute.Cli.Settings;
using Evolute.Evolution;
using Evolute.Runs;

namespace Evolute.Cli;

/// <summary>A run as a person follows it: a line for every iteration and evaluation.</summary>
internal sealed class TrainingDisplay(TextWriter output) : TrainingObserver
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _first, _last;
    private bool _headed;

    /// <summary>What the run is made with, and where it comes from.</summary>
    public static void WriteSettings(TextWriter output, RunSettings settings, SettingsLayers layers)
    {
        output.WriteLine($"Training {Path.GetFileName(settings.Model)} for {settings.Task}.");
        foreach (string origin in layers.Origins()) output.WriteLine(origin);
    }

    /// <summary>The outcome.</summary>
    public static void WriteSummary(TextWriter output, RunSummary run)
    {
        output.WriteLine();
        output.WriteLine($"base   {Described(run.Base)}");
        output.WriteLine($"final  {Described(run.Final)}");
        output.WriteLine(Invariant($"       {100 * (run.Final.Accuracy - run.Base.Accuracy):+0.0;-0.0} points of accuracy after {run.Chosen} of {run.Iterations} iterations, measured on {run.Final.Count} test problems that chose nothing"));
        if (run.StoppedEarly) output.WriteLine("       stopped early: validation stood still");
        if (run.ProbeEvaluations > 0) output.WriteLine(Invariant($"       calibration took {run.ProbeEvaluations} evaluations of members besides"));
        output.WriteLine($"model  {Path.Combine(run.Folder, "final")}");
        output.WriteLine($"sha256 {run.WeightsSha256}");
    }

    /// <inheritdoc/>
    public override void Started(string folder, int first, int last)
    {
        (_first, _last) = (first, last);
        output.WriteLine(first == 1 ? $"Run folder: {folder}" : $"Run folder: {folder}, going on with iteration {first}");
    }

    /// <inheritdoc/>
    public override void Note(string sentence) => output.WriteLine(sentence);

    /// <inheritdoc/>
    public override void Evaluated(EvaluationResult evaluation) => output.WriteLine(Invariant($"{evaluation.Split,10} {Described(evaluation)}"));

    /// <inheritdoc/>
    public override void Drifted(DriftEntry drift) => output.WriteLine(Invariant(
        $"{"drift",10} KL to the base {drift.Kl:0.#####} nats a token ({drift.KlLow:0.#####}–{drift.KlHigh:0.#####}), ‖Δθ‖ {drift.Norm:0.####}, {100 * drift.Changed:0.#} % of the entries changed"));

    /// <inheritdoc/>
    public override void Probed(Probe probe) => output.WriteLine(Invariant(
        $"     probe σ {probe.Sigma:g4}: reward {probe.Rewards.Average():F3}, of the unperturbed weights {probe.Center:F3}, {probe.Standing:F1} deviations above"));

    /// <inheritdoc/>
    public override void Completed(IterationResult iteration)
    {
        if (!_headed) output.WriteLine(" iteration  reward    best  correct  tokens  cut off  tokens/s  left");
        if (!_headed) (_headed, _first) = (true, iteration.Iteration);
        double seconds = iteration.Seconds.GetValueOrDefault("iteration");
        double left = _watch.Elapsed.TotalSeconds / (iteration.Iteration - _first + 1) * (_last - iteration.Iteration);
        long responses = iteration.Members.Sum(m => (long)m.Count);
        output.WriteLine(Invariant(
            $"{iteration.Iteration,5}/{_last,-4} {iteration.Members.Average(m => m.Reward),7:F3} {iteration.Members.Max(m => m.Reward),7:F3} {(double)iteration.Members.Sum(m => m.Correct) / responses,8:P1} {iteration.Members.Average(m => m.Length),7:F1} {iteration.Members.Average(m => m.Truncated),8:P1} {iteration.Members.Sum(m => m.Tokens) / seconds,9:F0}  {Progress.Duration(left)}{Sizes(iteration)}{Waited(iteration, seconds)}"));
    }

    /// <summary>σ and α where the run sets them itself.</summary>
    private static string Sizes(IterationResult i) => i.Center is null ? "" : Invariant($"  σ {i.Sigma:g3} α {i.LearningRate:g3}");

    /// <summary>How long members were done and rewards were not, where that is worth a word.</summary>
    private static string Waited(IterationResult i, double seconds) =>
        i.Seconds.GetValueOrDefault(ResponseEvaluation.WaitStage) is var waited && waited > 0.1 * seconds ? Invariant($"  waited {waited:F1} s for rewards") : "";

    private static string Described(EvaluationResult r) => Invariant(
        $"{100 * r.Accuracy,5:F1} % of {r.Count} {r.Split} problems solved ({100 * r.Interval.Low:F1}–{100 * r.Interval.High:F1}), reward {r.Reward:F3}, {r.Length:F1} tokens, {100 * r.Truncated:F1} % cut off{string.Concat(r.Measures.Select(m => Invariant($", {m.Value:F2} {m.Key}")))}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
