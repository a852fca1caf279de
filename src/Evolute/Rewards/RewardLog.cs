namespace Evolute.Rewards;

/// <summary>Failures of rewards that did not end the run, as sentences. Safe for several threads.</summary>
public sealed class RewardLog
{
    private readonly List<string> _sentences = [];

    internal void Add(string sentence)
    {
        lock (_sentences) _sentences.Add(sentence);
    }

    /// <summary>The sentences since the last time.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_sentences)
        {
            string[] taken = [.. _sentences];
            _sentences.Clear();
            return taken;
        }
    }
}
