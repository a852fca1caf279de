using Evolute.Generation;
using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>Sums over the responses to some problems, in the order of the problems.</summary>
public sealed class ResponseTotals
{
    private readonly SortedDictionary<string, double> _parts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _measures = new(StringComparer.Ordinal);
    private readonly List<double> _rewards = [];
    private double _reward;
    private long _tokens;
    private int _truncated;

    /// <summary>Responses.</summary>
    public int Count { get; private set; }

    /// <summary>Responses that solve their problem.</summary>
    public int Correct { get; private set; }

    /// <summary>Mean reward.</summary>
    public double Reward => Mean(_reward);

    /// <summary>Every response's reward, in order.</summary>
    public IReadOnlyList<double> Rewards => _rewards;

    /// <summary>Share of responses that solve their problem.</summary>
    public double Accuracy => Mean(Correct);

    /// <summary>Mean response length in tokens.</summary>
    public double Length => Mean(_tokens);

    /// <summary>Share of responses that the token limit cut off.</summary>
    public double Truncated => Mean(_truncated);

    /// <summary>New tokens.</summary>
    public long Tokens => _tokens;

    /// <summary>Means of the reward's parts.</summary>
    public IReadOnlyDictionary<string, double> Parts => Means(_parts);

    /// <summary>Means of what the task measures besides.</summary>
    public IReadOnlyDictionary<string, double> Measures => Means(_measures);

    internal void Add(Completion completion, RewardResult reward, IReadOnlyDictionary<string, double> measures)
    {
        Count++;
        _reward += reward.Score;
        _rewards.Add(reward.Score);
        _tokens += completion.OutputIds.Length;
        if (reward.Correct) Correct++;
        if (completion.Finish == FinishReason.Length) _truncated++;
        Sum(_parts, reward.Parts);
        Sum(_measures, measures);
    }

    private static void Sum(SortedDictionary<string, double> sums, IReadOnlyDictionary<string, double> values)
    {
        foreach ((string name, double value) in values) sums[name] = sums.GetValueOrDefault(name) + value;
    }

    private double Mean(double sum) => Count == 0 ? 0 : sum / Count;

    private SortedDictionary<string, double> Means(SortedDictionary<string, double> sums)
    {
        SortedDictionary<string, double> means = new(StringComparer.Ordinal);
        foreach ((string name, double sum) in sums) means[name] = Mean(sum);
        return means;
    }
}
