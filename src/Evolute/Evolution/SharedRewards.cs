using System.Collections.Concurrent;
using Evolute.Tasks;

namespace Evolute.Evolution;

/// <summary>
/// The rewards of one iteration: members of a population often give the same answer, and its reward is a pure function of problem and text. Safe for several threads.
/// </summary>
/// <param name="score">Gives the reward of a response to one of the problems, by its index.</param>
internal sealed class SharedRewards(Func<int, string, RewardResult> score)
{
    private readonly ConcurrentDictionary<(int Problem, string Text), RewardResult> _known = new();

    /// <summary>The reward of a response; computed the first time that it comes.</summary>
    public RewardResult Of(int problem, string text) =>
        _known.TryGetValue((problem, text), out RewardResult? known) ? known : _known.GetOrAdd((problem, text), score(problem, text));
}
