namespace Evolute.Runs;

/// <summary>What a tuned model solves and its base does not, and the other way round, on the same problems.</summary>
/// <param name="Regressions">Ids of problems that the base solves and the tuned model does not, in the problems' order.</param>
/// <param name="Gains">Ids of problems that the tuned model solves and the base does not.</param>
/// <param name="PValue">McNemar's exact p-value: how likely so uneven changes are where neither model is better.</param>
/// <param name="AccuracyDifference">Tuned less base.</param>
/// <param name="AccuracyInterval">Its 95 % interval, a paired bootstrap over problems.</param>
public sealed record PairedOutcomes(IReadOnlyList<string> Regressions, IReadOnlyList<string> Gains, double PValue, double AccuracyDifference, BootstrapInterval AccuracyInterval)
{
    /// <summary>Of responses to the same problems in the same order.</summary>
    public static PairedOutcomes Of(IReadOnlyList<(string Id, bool Tuned, bool Base)> problems)
    {
        string[] lost = [.. problems.Where(p => p.Base && !p.Tuned).Select(p => p.Id)], gained = [.. problems.Where(p => p.Tuned && !p.Base).Select(p => p.Id)];
        double[] differences = [.. problems.Select(p => (p.Tuned ? 1.0 : 0) - (p.Base ? 1 : 0))];
        return new(lost, gained, McNemarTest.PValue(lost.Length, gained.Length), differences.DefaultIfEmpty().Average(), BootstrapInterval.OfMean(differences));
    }
}
