namespace Evolute.Runs;

/// <summary>KL(tuned‖base) in nats a token along the tuned model's own greedy answers.</summary>
/// <param name="Mean">The mean over prompts of the mean over the answer's tokens.</param>
/// <param name="Interval">Its 95 % interval over prompts.</param>
/// <param name="TokenMean">The mean over all tokens, in which long answers weigh more.</param>
/// <param name="Prompts">Prompts with an answer.</param>
/// <param name="Tokens">Their answers' tokens.</param>
public sealed record DivergenceResult(double Mean, BootstrapInterval Interval, double TokenMean, int Prompts, long Tokens)
{
    /// <summary>Of the divergences of every token of every answer.</summary>
    public static DivergenceResult Of(IEnumerable<double[]> answers)
    {
        double[][] given = [.. answers.Where(a => a.Length > 0)];
        double[] means = [.. given.Select(a => a.Average())];
        long tokens = given.Sum(a => (long)a.Length);
        return new(means.DefaultIfEmpty().Average(), BootstrapInterval.OfMean(means), given.Sum(a => a.Sum()) / Math.Max(1, tokens), given.Length, tokens);
    }
}
