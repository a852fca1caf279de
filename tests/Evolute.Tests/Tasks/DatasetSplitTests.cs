using CsCheck;
using Evolute.Tasks;

namespace Evolute.Tests.Tasks;

public class DatasetSplitTests
{
    /// <summary>Written down, so that no later version moves a problem.</summary>
    [Fact]
    public void A_problem_is_in_its_split_for_good() =>
        Assert.Equal("0000000000110200100020102", string.Concat(Enumerable.Range(0, 25).Select(i => (int)DatasetSplit.Of(FormattableString.Invariant($"What is {i} + {i}?")))));

    /// <summary>Of 2,000 texts, 200 ± 5 standard deviations (13.4 each) are in a tenth.</summary>
    [Fact]
    public void A_tenth_each_is_for_validation_and_tests() => Gen.Select(Gen.String[0, 12], Gen.Int[0, 1_000_000]).Sample((prefix, from) =>
    {
        var counts = Enumerable.Range(from, 2000).CountBy(i => DatasetSplit.Of(FormattableString.Invariant($"{prefix}{i}"))).ToDictionary();
        Assert.InRange(counts[TaskSplit.Test], 133, 267);
        Assert.InRange(counts[TaskSplit.Validation], 133, 267);
    }, iter: 30, threads: 1, seed: "0000000000001");

    [Theory]
    [InlineData("train", TaskSplit.Train)]
    [InlineData("dev", TaskSplit.Validation)]
    [InlineData("test", TaskSplit.Test)]
    [InlineData("Test", null)]
    public void A_name_is_a_split_or_none(string name, TaskSplit? split) => Assert.Equal(split, DatasetSplit.Named(name));
}
