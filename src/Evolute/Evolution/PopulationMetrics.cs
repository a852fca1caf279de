namespace Evolute.Evolution;

/// <summary>How a quantity lies over the members.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Std">The population's standard deviation.</param>
/// <param name="Min">Least.</param>
/// <param name="Max">Greatest.</param>
public readonly record struct Spread(double Mean, double Std, double Min, double Max)
{
    /// <summary>Of some values, at least one.</summary>
    public static Spread Of(IReadOnlyList<double> values)
    {
        double mean = values.Sum() / values.Count;
        return new(mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Count), values.Min(), values.Max());
    }
}

/// <summary>An iteration's population in numbers.</summary>
/// <param name="Reward">Members' mean rewards.</param>
/// <param name="Parts">Members' means of every part of the reward.</param>
/// <param name="Truncated">Share of responses that the token limit cut off.</param>
/// <param name="ZeroVariancePrompts">Share of prompts on which all members earned the same.</param>
/// <param name="IdenticalMembers">Share of members in the largest group with the same rewards on every prompt and as many tokens.</param>
public sealed record PopulationMetrics(Spread Reward, IReadOnlyDictionary<string, Spread> Parts, double Truncated, double ZeroVariancePrompts, double IdenticalMembers)
{
    /// <summary>Of a population with at least one member and one prompt.</summary>
    public static PopulationMetrics Of(IReadOnlyList<ResponseTotals> members)
    {
        SortedDictionary<string, Spread> parts = new(StringComparer.Ordinal);
        foreach (string part in members.SelectMany(m => m.Parts.Keys).Distinct()) parts[part] = Spread.Of(PartOf(members, part));
        int prompts = members[0].Count;
        int still = Enumerable.Range(0, prompts).Count(p => members.All(m => m.Rewards[p] == members[0].Rewards[p]));
        int alike = members.GroupBy(m => m, SameAnswers.Instance).Max(group => group.Count());
        return new(Spread.Of([.. members.Select(m => m.Reward)]), parts, members.Sum(m => m.Truncated) / members.Count, (double)still / prompts, (double)alike / members.Count);
    }

    internal static double[] PartOf(IReadOnlyList<ResponseTotals> members, string part) => [.. members.Select(m => m.Parts.GetValueOrDefault(part))];

    /// <summary>Members with the same rewards on every prompt and as many tokens; by a hash, since populations may be large.</summary>
    private sealed class SameAnswers : IEqualityComparer<ResponseTotals>
    {
        public static SameAnswers Instance { get; } = new();

        public bool Equals(ResponseTotals? x, ResponseTotals? y) => x!.Tokens == y!.Tokens && x.Rewards.SequenceEqual(y.Rewards);

        public int GetHashCode(ResponseTotals totals)
        {
            HashCode hash = new();
            hash.Add(totals.Tokens);
            foreach (double reward in totals.Rewards) hash.Add(reward);
            return hash.ToHashCode();
        }
    }
}
