using CsCheck;
using Evolute.Generation;

namespace Evolute.Tests.Generation;

/// <summary>Sequences that repeat themselves end where they are asked to, and nowhere else.</summary>
public class LoopTests
{
    [Fact]
    public void A_loop_ends_at_the_first_token_that_makes_it_whole()
    {
        // A beginning and a cycle, whose repeats may be broken by one other token.
        Gen<int[]> tokens =
            from start in Gen.Int[0, 2].Array[0, 12]
            from cycle in Gen.Int[0, 2].Array[1, 8]
            from times in Gen.Int[1, 6]
            from end in Gen.Int[0, 2].Array[0, 6]
            select (int[])[.. start, .. Enumerable.Repeat(cycle, times).SelectMany(c => c), .. end];
        Gen.Select(tokens, Gen.Int[2, 5]).Sample((ids, repeats) =>
        {
            LoopDetector detector = new(repeats);
            // A sequence before this one leaves nothing behind.
            for (int n = 1; n <= ids.Length; n++) detector.Ends(ids.AsSpan(0, n));
            detector.Reset();
            for (int n = 1; n <= ids.Length; n++)
            {
                bool ends = Enumerable.Range(1, LoopDetector.LongestCycle).Any(cycle =>
                    n >= repeats * cycle && Enumerable.Range(n - repeats * cycle, (repeats - 1) * cycle).All(i => ids[i] == ids[i + cycle]));
                Assert.Equal(ends, detector.Ends(ids.AsSpan(0, n)));
            }
        });
    }

    [Theory]
    [InlineData(LoopDetector.LongestCycle, true)]
    [InlineData(LoopDetector.LongestCycle + 1, false)]
    public void A_cycle_has_a_greatest_length(int cycle, bool ends)
    {
        LoopDetector detector = new(3);
        int[] ids = [.. Enumerable.Range(0, 3 * cycle).Select(i => i % cycle)];
        for (int n = 1; n < ids.Length; n++) Assert.False(detector.Ends(ids.AsSpan(0, n)));
        Assert.Equal(ends, detector.Ends(ids));
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(0, 40)]
    public void A_sequence_that_loops_counts_as_cut_off(int stopLoops, int length)
    {
        Sequence sequence = new(null, new() { MaxNewTokens = 40, StopLoops = stopLoops }, []);
        for (int run = 0; run < 2; run++)
        {
            sequence.Begin(0, [1]);
            Completion? completion = null;
            for (int i = 0; completion is null; i++) completion = sequence.Accept(i == 0 ? 9 : i % 2);
            Assert.Equal(length, completion.OutputIds.Length);
            Assert.Equal(FinishReason.Length, completion.Finish);
        }
    }
}
