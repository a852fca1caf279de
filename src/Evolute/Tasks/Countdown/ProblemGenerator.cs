using Evolute.Noise;

namespace Evolute.Tasks.Countdown;

/// <summary>
/// An endless stream of solvable problems without repeats. The count of numbers is uniform; numbers and target are
/// drawn together until the split may have them and they are solvable, which leans toward small numbers as the
/// paper's data does. Every draw is a function of (seed, split, problem, attempt), so a longer stream only appends.
/// </summary>
internal sealed class ProblemGenerator(CountdownOptions options, TaskSplit split, ulong seed)
{
    private const uint Domain = 3, Version = 1;
    private const uint MaxAttempts = 100_000;

    // Validation and test problems do not follow the run's seed: scores of different runs are on the same problems.
    private const ulong FixedSeed = 20250924;

    private readonly (uint K0, uint K1) key = Key(split == TaskSplit.Train ? seed : FixedSeed, split);
    private readonly HashSet<(string Numbers, int Target)> seen = [];

    /// <summary>Takes the next problem: its numbers in the order of the prompt, and its target.</summary>
    /// <exception cref="EvoluteInputException">No new problem turns up: the options leave too few.</exception>
    public (int[] Numbers, int Target) Next()
    {
        uint problem = (uint)seen.Count;
        int count = Scale(Philox.Block(problem, 0, 0, 0, key.K0, key.K1).W0, options.MinCount, options.MaxCount);
        for (uint attempt = 0; attempt < MaxAttempts; attempt++)
        {
            (int[] numbers, int target) = Draw(problem, attempt, count);
            string numbersKey = ProblemBuckets.Key(numbers);
            if (ProblemBuckets.Contains(split, ProblemBuckets.Of(numbersKey))
                && !seen.Contains((numbersKey, target))
                && Solver.CanReach(numbers, target))
            {
                seen.Add((numbersKey, target));
                return (numbers, target);
            }
        }
        throw new EvoluteInputException(
            $"Countdown has only {problem} different {split.ToString().ToLowerInvariant()} problems of these options: ask for fewer, or widen max-count, max-number, min-target or max-target.");
    }

    // Counter (problem, attempt, 1 + block): each block holds four draws; the target comes after the numbers.
    private (int[] Numbers, int Target) Draw(uint problem, uint attempt, int count)
    {
        Span<uint> words = stackalloc uint[Solver.MaxCount + 4];
        for (int i = 0; i <= count; i += 4)
            (words[i], words[i + 1], words[i + 2], words[i + 3]) =
                Philox.Block(problem, attempt, 1 + (uint)i / 4, 0, key.K0, key.K1);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) numbers[i] = Scale(words[i], options.MinNumber, options.MaxNumber);
        return (numbers, Scale(words[count], options.MinTarget, options.MaxTarget));
    }

    private static int Scale(uint word, int min, int max) => min + (int)((word * (ulong)(max - min + 1)) >> 32);

    private static (uint, uint) Key(ulong seed, TaskSplit split)
    {
        var (w0, w1, _, _) = Philox.Block((uint)split, 0, Domain, Version, (uint)seed, (uint)(seed >> 32));
        return (w0, w1);
    }
}
