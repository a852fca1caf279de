using System.Globalization;
using Evolute.Runs;

namespace Evolute.Cli;

/// <summary>A comparison as people read it: both models side by side, then what lies between them.</summary>
internal static class ComparisonText
{
    private const int ShownTensors = 5, ShownIds = 12;

    public static void Write(TextWriter output, string task, string tunedFolder, string baseFolder, ModelComparison c)
    {
        EvaluationResult a = c.Tuned.Result, b = c.Base.Result;
        output.WriteLine(Invariant($"tuned  {tunedFolder}"));
        output.WriteLine(Invariant($"base   {baseFolder}"));
        output.WriteLine(Invariant($"{a.Count} {a.Split} problems of {task}; intervals are of 95 %"));
        output.WriteLine();
        TextTable table = new("", "tuned", "base", "tuned − base");
        table.Add("accuracy", Accuracy(a), Accuracy(b), Invariant($"{100 * c.Outcomes.AccuracyDifference:+0.0;-0.0;0.0} points ({100 * c.Outcomes.AccuracyInterval.Low:0.0} to {100 * c.Outcomes.AccuracyInterval.High:0.0})"));
        table.Add("reward", Number(a.Reward), Number(b.Reward), Signed(a.Reward - b.Reward));
        foreach ((string part, double value) in a.Parts) table.Add("  " + part, Number(value), Number(b.Parts.GetValueOrDefault(part)), Signed(value - b.Parts.GetValueOrDefault(part)));
        foreach ((string name, double value) in a.Measures) table.Add(name, Number(value), Number(b.Measures.GetValueOrDefault(name)), Signed(value - b.Measures.GetValueOrDefault(name)));
        table.Add("length in tokens", Invariant($"{a.Length:0.0}"), Invariant($"{b.Length:0.0}"), Invariant($"{c.LengthDifference:+0.0;-0.0;0.0} ({c.LengthInterval.Low:0.0} to {c.LengthInterval.High:0.0})"));
        table.Add("cut off", Share(a.Truncated), Share(b.Truncated), Invariant($"{100 * (a.Truncated - b.Truncated):+0.0;-0.0;0.0} points"));
        if (c is { Tuned.Sampling: { } s, Base.Sampling: { } t })
        {
            AddShares(table, "pass@", s.PassAt, t.PassAt);
            AddShares(table, "maj@", s.MajorityAt, t.MajorityAt);
        }
        if (c is { TunedPerplexity: { } p, BasePerplexity: { } q }) table.Add("perplexity", Number(p.Value), Number(q.Value), Signed(p.Value - q.Value));
        table.Write(output);
        output.WriteLine();
        output.WriteLine(Invariant($"gains        {c.Outcomes.Gains.Count} problems that the base does not solve{Ids(c.Outcomes.Gains)}"));
        output.WriteLine(Invariant($"regressions  {c.Outcomes.Regressions.Count} problems that only the base solves{Ids(c.Outcomes.Regressions)}"));
        output.WriteLine(Invariant($"             McNemar's exact p {c.Outcomes.PValue:0.###E+0}"));
        output.WriteLine(Invariant($"KL           {c.Divergence.Mean:0.#####} nats a token ({c.Divergence.Interval.Low:0.#####} to {c.Divergence.Interval.High:0.#####}) over {c.Divergence.Prompts} greedy answers, {c.Divergence.Tokens} tokens"));
        if (c.TunedPerplexity is { } text) output.WriteLine(Invariant($"perplexity   of {text.Tokens} tokens, windows of {text.Window}, stride {text.Stride}"));
        output.WriteLine(Invariant($"weights      ‖Δθ‖ {c.Weights.Norm:0.####}, {100 * c.Weights.Relative:0.###} % of ‖θ‖; {100 * c.Weights.Changed:0.##} % of the entries changed as they are stored"));
        TextTable tensors = new("tensors that moved most", "‖Δθ‖", "of ‖θ‖", "changed");
        foreach (TensorDistance d in c.Weights.Tensors.OrderByDescending(t => t.Relative).Take(ShownTensors))
            tensors.Add(d.Name, Number(d.Norm), Invariant($"{100 * d.Relative:0.###} %"), Invariant($"{100 * d.Changed:0.##} %"));
        tensors.Write(output);
    }

    /// <summary>pass@k and maj@k of one model.</summary>
    public static void WriteSampling(TextWriter output, SamplingResult sampling)
    {
        output.WriteLine(Invariant($"{sampling.Samples} samples a problem at temperature {sampling.Temperature}"));
        foreach ((string name, IReadOnlyList<ShareAt> shares) in ((string, IReadOnlyList<ShareAt>)[])[("pass@", sampling.PassAt), ("maj@", sampling.MajorityAt)])
            foreach (ShareAt share in shares) output.WriteLine(Invariant($"{name + share.K,-11}{Described(share)}"));
    }

    private static void AddShares(TextTable table, string name, IReadOnlyList<ShareAt> tuned, IReadOnlyList<ShareAt> other)
    {
        foreach ((ShareAt a, ShareAt b) in tuned.Zip(other)) table.Add(Invariant($"{name}{a.K}"), Described(a), Described(b), Invariant($"{100 * (a.Value - b.Value):+0.0;-0.0;0.0} points"));
    }

    // Ids may be of the user's own rows.
    private static string Ids(IReadOnlyList<string> ids) => ids.Count == 0 ? "" : PrintableText.Of($": {string.Join(", ", ids.Take(ShownIds))}{(ids.Count > ShownIds ? ", …" : "")}");

    private static string Accuracy(EvaluationResult r) => Invariant($"{100 * r.Accuracy:0.0} % ({100 * r.Interval.Low:0.0}–{100 * r.Interval.High:0.0})");

    private static string Described(ShareAt s) => Invariant($"{100 * s.Value:0.0} % ({100 * s.Interval.Low:0.0}–{100 * s.Interval.High:0.0})");

    private static string Share(double share) => Invariant($"{100 * share:0.0} %");

    private static string Number(double value) => Invariant($"{value:0.0000}");

    private static string Signed(double value) => Invariant($"{value:+0.0000;-0.0000;0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
