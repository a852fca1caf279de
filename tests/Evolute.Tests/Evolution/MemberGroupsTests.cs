using CsCheck;
using Evolute.Evolution;

namespace Evolute.Tests.Evolution;

public class MemberGroupsTests
{
    [Fact]
    public void Every_member_is_in_one_group_and_groups_shrink_to_the_smallest() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 16], Gen.Int[1, 64], Gen.Int[1, 1024]).Sample((members, seats, smallest, largest) =>
        {
            MemberGroups groups = new(members, seats, smallest, largest);
            List<int> sizes = [];
            while (groups.Take() is { Count: > 0 } taken)
            {
                Assert.Equal(sizes.Sum(), taken.First);
                sizes.Add(taken.Count);
            }
            Assert.Equal(members, sizes.Sum());
            Assert.Equal((members, 0), groups.Take());
            Assert.Equal(sizes.OrderDescending(), sizes);
            Assert.InRange(sizes.Max(), 1, largest);
            // A seat that has just taken a group leaves at least as much for each of the others, until groups are at their smallest.
            if (sizes[0] > smallest) Assert.InRange((double)sizes[0] * seats, 0, members / 2.0 + seats);
            Assert.All(sizes.SkipLast(1), size => Assert.InRange(size, Math.Min(smallest, largest), largest));
        });

    /// <summary>512 members for two seats, of which one is asked for twice as often.</summary>
    [Fact]
    public void The_last_groups_are_small()
    {
        MemberGroups groups = new(512, seats: 2, smallest: 8, largest: 1024);
        List<int> sizes = [];
        while (groups.Take() is { Count: > 0 } taken) sizes.Add(taken.Count);
        Assert.Equal([128, 96, 72, 54, 41, 31, 23, 17, 13, 10, 8, 8, 8, 3], sizes);
    }

    [Fact]
    public void Members_that_cannot_be_together_come_one_by_one()
    {
        MemberGroups groups = new(3, seats: 2, smallest: 64, largest: 1);
        Assert.Equal([(0, 1), (1, 1), (2, 1), (3, 0)], Enumerable.Range(0, 4).Select(_ => groups.Take()));
    }
}
