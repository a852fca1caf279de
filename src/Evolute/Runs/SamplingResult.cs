namespace Evolute.Runs;

/// <summary>What sampling several answers to every problem came to.</summary>
/// <param name="Samples">Answers to each problem.</param>
/// <param name="Temperature">They were drawn at it.</param>
/// <param name="PassAt">pass@k by k: the chance that one of k answers is right.</param>
/// <param name="MajorityAt">maj@k by k: the chance that the commonest of k answers is right.</param>
public sealed record SamplingResult(int Samples, double Temperature, IReadOnlyList<ShareAt> PassAt, IReadOnlyList<ShareAt> MajorityAt)
{
    /// <summary>Of problems with as many answers each.</summary>
    public static SamplingResult Of(IReadOnlyList<SampledAnswers> problems, IReadOnlyList<int> ks, double temperature) => new(
        problems.Count == 0 ? 0 : problems[0].Correct.Count, temperature,
        [.. ks.Select(k => ShareAt.Of(k, [.. problems.Select(p => p.PassAt(k))]))], [.. ks.Select(k => ShareAt.Of(k, [.. problems.Select(p => p.MajorityAt(k))]))]);
}

/// <summary>A mean over the problems at one k.</summary>
/// <param name="K">Answers at a time.</param>
/// <param name="Value">The mean, 0..1.</param>
/// <param name="Interval">Its 95 % interval over problems.</param>
public sealed record ShareAt(int K, double Value, BootstrapInterval Interval)
{
    internal static ShareAt Of(int k, double[] values) => new(k, values.DefaultIfEmpty().Average(), BootstrapInterval.OfMean(values));
}
