using Evolute.Tasks;
using Evolute.Tasks.Countdown;

namespace Evolute.Tests.Tasks;

public class CountdownGeneratorTests
{
    private static readonly CountdownTask Task = new();

    [Theory]
    [InlineData(TaskSplit.Train)]
    [InlineData(TaskSplit.Validation)]
    [InlineData(TaskSplit.Test)]
    public void Problems_are_in_range_solvable_and_in_their_split(TaskSplit split)
    {
        foreach (TaskProblem problem in Task.Problems(split, 300, seed: 7))
        {
            (int[] numbers, int target) = Read(problem);
            Assert.InRange(numbers.Length, 3, 4);
            Assert.All(numbers, n => Assert.InRange(n, 1, 99));
            Assert.InRange(target, 10, 100);
            Assert.Contains(target, ExactValues.Reachable(numbers));
            int bucket = ProblemBuckets.Of(string.Join(',', numbers.Order()));
            Assert.Contains(bucket, split switch { TaskSplit.Test => [0], TaskSplit.Validation => [1], _ => (int[])[2, 3, 4] });
        }
    }

    [Fact]
    public void No_problem_repeats_within_a_split_and_no_numbers_are_in_two()
    {
        Dictionary<TaskSplit, List<string>> keys = [];
        foreach (TaskSplit split in Enum.GetValues<TaskSplit>())
        {
            IReadOnlyList<TaskProblem> problems = Task.Problems(split, 1000, seed: 1);
            Assert.Equal(1000, problems.Select(p => (Key(p), Read(p).Target)).Distinct().Count());
            Assert.Equal(1000, problems.Select(p => p.Id).Distinct().Count());
            keys[split] = [.. problems.Select(Key)];
        }
        Assert.Empty(keys[TaskSplit.Train].Intersect(keys[TaskSplit.Test]));
        Assert.Empty(keys[TaskSplit.Train].Intersect(keys[TaskSplit.Validation]));
        Assert.Empty(keys[TaskSplit.Validation].Intersect(keys[TaskSplit.Test]));
    }

    [Fact]
    public void Counts_targets_and_numbers_have_the_shape_of_the_papers_data()
    {
        (int[] Numbers, int Target)[] problems = [.. Task.Problems(TaskSplit.Test, 2000, seed: 0).Select(Read)];

        Assert.InRange(problems.Count(p => p.Numbers.Length == 3), 900, 1100);
        int[] numbers = [.. problems.SelectMany(p => p.Numbers).Order()];
        Assert.InRange(numbers[numbers.Length / 2], 38, 48); // 43 in the paper's data, not 50
        foreach (int ten in (int[])[10, 30, 50, 70, 90])
            Assert.InRange(problems.Count(p => p.Target >= ten && p.Target < ten + 10), 160, 290);
    }

    [Fact]
    public void The_same_seed_gives_the_same_problems_and_asking_for_more_appends()
    {
        string[] few = [.. Task.Problems(TaskSplit.Train, 50, seed: 3).Select(p => p.Prompt)];
        string[] many = [.. new CountdownTask().Problems(TaskSplit.Train, 120, seed: 3).Select(p => p.Prompt)];
        Assert.Equal(few, many[..50]);
    }

    [Fact]
    public void The_seed_changes_training_problems_only()
    {
        Assert.NotEqual(Prompts(TaskSplit.Train, 1), Prompts(TaskSplit.Train, 2));
        Assert.Equal(Prompts(TaskSplit.Validation, 1), Prompts(TaskSplit.Validation, 2));
        Assert.Equal(Prompts(TaskSplit.Test, 1), Prompts(TaskSplit.Test, 2));

        static string[] Prompts(TaskSplit split, ulong seed) => [.. Task.Problems(split, 20, seed).Select(p => p.Prompt)];
    }

    [Fact]
    public void Too_small_a_problem_space_is_an_error_that_names_the_options()
    {
        CountdownTask tiny = new(new() { MinCount = 2, MaxCount = 2, MaxNumber = 6, MinTarget = 1, MaxTarget = 5 });
        var error = Assert.Throws<EvoluteInputException>(() => tiny.Problems(TaskSplit.Train, 1000, seed: 1));
        Assert.Contains("different train problems", error.Message, StringComparison.Ordinal);
        Assert.Contains("max-number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_pinned()
    {
        // A change here changes every published score: runs on different problems do not compare.
        Assert.Equal(
            [
                """{"numbers":[58,42,6],"target":65}""",
                """{"numbers":[36,38,92,28],"target":66}""",
                """{"numbers":[84,35,20],"target":29}""",
            ],
            Task.Problems(TaskSplit.Test, 3, seed: 0).Select(p => p.Columns.GetRawText()));
    }

    [Theory]
    [InlineData("1,2,3", 2)]
    [InlineData("3,14,25", 7)]
    [InlineData("5,5,80,99", 4)]
    public void Buckets_are_the_folded_hash_modulo_ten(string key, int bucket) => Assert.Equal(bucket, ProblemBuckets.Of(key));

    [Fact]
    public void Keys_sort_numbers_by_value() => Assert.Equal("3,14,25", ProblemBuckets.Key([25, 3, 14]));

    [Fact]
    public void Solver_agrees_with_an_exhaustive_list_of_values()
    {
        Random random = new(5);
        int solvable = 0;
        for (int i = 0; i < 300; i++)
        {
            int[] numbers = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.Next(0, 30))];
            HashSet<int> reachable = ExactValues.Reachable(numbers);
            for (int target = -20; target <= 60; target += 3)
            {
                Assert.Equal(reachable.Contains(target), Solver.CanReach(numbers, target));
                solvable += reachable.Contains(target) ? 1 : 0;
            }
        }
        Assert.InRange(solvable, 1000, 7000);
    }

    private static (int[] Numbers, int Target) Read(TaskProblem problem) => (
        [.. problem.Columns.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32())],
        problem.Columns.GetProperty("target").GetInt32());

    private static string Key(TaskProblem problem) => string.Join(',', Read(problem).Numbers.Order());
}
