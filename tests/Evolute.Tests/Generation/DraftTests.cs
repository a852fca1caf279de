using CsCheck;
using Evolute.Generation;

namespace Evolute.Tests.Generation;

public class DraftTests
{
    [Fact]
    public void A_draft_goes_on_as_an_answer_that_began_the_same()
    {
        DraftCursor cursor = Cursor([1, 2, 3, 4, 5], [1, 2, 9, 9]);
        Assert.Equal([9, 9], Draft(cursor, [1, 2]));
        Assert.Equal(DraftGround.Whole, cursor.Ground);
        // It went another way; another answer goes there as well.
        Assert.Equal([4, 5], Draft(cursor, [1, 2, 3]));
        Assert.Equal(DraftGround.Whole, cursor.Ground);
    }

    [Fact]
    public void After_a_difference_the_longest_match_of_the_last_tokens_leads_on()
    {
        DraftCursor cursor = Cursor([7, 1, 2, 3, 50, 51], [2, 3, 60, 61], [3, 70]);
        Assert.Equal([50, 51], Draft(cursor, [0, 1, 2, 3]));
        Assert.Equal(DraftGround.Few, cursor.Ground);
        Assert.Equal([51], Draft(cursor, [0, 1, 2, 3, 50]));
        Assert.Equal(DraftGround.Several, cursor.Ground);
        // Of equals the newest answer.
        Assert.Equal([70], Draft(cursor, [0, 1, 2, 3, 50, 3]));
        Assert.Equal([], Draft(cursor, [0, 1, 2, 3, 50, 3, 99]));
        Assert.Equal([60, 61], Draft(cursor, [0, 1, 2, 3, 50, 3, 99, 2, 3]));
    }

    [Fact]
    public void The_end_of_an_answer_leads_nowhere()
    {
        DraftCursor cursor = Cursor([1, 2, 3]);
        Assert.Equal([], Draft(cursor, [3]));
        Assert.Equal([3], Draft(cursor, [3, 2]));
        Assert.Equal([], Draft(cursor, [3, 2, 3]));
        Assert.Equal([], Draft(Cursor(), [1]));
    }

    [Fact]
    public void Drafts_follow_their_place_as_a_search_from_scratch_would_allow()
    {
        Gen<int[]> answer = Gen.Int[0, 3].Array[1, 30];
        Gen.Select(answer.Array[0, 20], answer).Sample((answers, mine) =>
        {
            DraftCursor cursor = Cursor(answers);
            for (int length = 1; length <= mine.Length; length++)
            {
                int[] draft = Draft(cursor, mine[..length]);
                // What is drafted stands somewhere after the newest token, up to the end of an answer.
                bool follows = answers.Any(a => Enumerable.Range(1, a.Length).Any(at => a[at - 1] == mine[length - 1] && a.AsSpan(at).SequenceEqual(draft)));
                bool possible = answers.TakeLast(DraftStreams.Most).Any(a => a.AsSpan(0, a.Length - 1).Contains(mine[length - 1]));
                Assert.True(draft.Length > 0 ? follows : answers.Length > DraftStreams.Most || !possible);
            }
        });
    }

    [Fact]
    public void The_newest_different_answers_are_kept()
    {
        DraftStreams streams = new();
        for (int i = 0; i < 40; i++) Assert.Equal(2, streams.Add([i, i]));
        Assert.Equal(Enumerable.Range(0, DraftStreams.Most).Select(i => 39 - i), streams.All.ToArray().Select(s => s[0]));
        Assert.Equal(0, streams.Add([30, 30]));
        Assert.Equal([30, 39, 38], streams.All.ToArray().Take(3).Select(s => s[0]));
        Assert.Equal(DraftStreams.Most, streams.All.ToArray().Distinct().Count());
        Assert.Equal(0, streams.Add([30, 30]));
        Assert.Equal(2, streams.Add([5, 5]));
        Assert.Equal([5, 30, 39], streams.All.ToArray().Take(3).Select(s => s[0]));
    }

    [Fact]
    public void Prompts_are_known_by_their_tokens_and_forgotten_when_nobody_asks_for_long()
    {
        DraftStore store = new();
        DraftStreams first = store.Of([1, 2]), asked = store.Of([3]);
        Assert.Same(first, store.Of([1, 2]));
        Assert.NotSame(first, asked);
        int[] answer = new int[1 << 18];
        for (int i = 0; i < 20; i++)
        {
            store.Add(store.Of([4, i]), [.. answer, i]);
            Assert.Same(asked, store.Of([3]));
        }
        Assert.NotSame(first, store.Of([1, 2]));
    }

    [Fact]
    public void Threads_may_read_while_others_add()
    {
        DraftStore store = new();
        Parallel.For(0, 8, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, thread =>
        {
            Random random = new(thread);
            DraftCursor cursor = new();
            for (int i = 0; i < 2_000; i++)
            {
                // An answer of this test counts up from its first token.
                int prompt = random.Next(3), start = random.Next(100);
                DraftStreams streams = store.Of([prompt]);
                cursor.Begin(streams);
                int[] draft = Draft(cursor, [start, start + 1]);
                Assert.Equal(Enumerable.Range(start + 2, draft.Length), draft);
                store.Add(streams, [.. Enumerable.Range(start, random.Next(1, 40))]);
            }
        });
        Assert.All(Enumerable.Range(0, 3), prompt => Assert.Equal(DraftStreams.Most, store.Of([prompt]).All.Length));
    }

    /// <summary>A cursor over answers, the last of them the newest.</summary>
    private static DraftCursor Cursor(params int[][] answers)
    {
        DraftStreams streams = new();
        foreach (int[] answer in answers) streams.Add(answer);
        DraftCursor cursor = new();
        cursor.Begin(streams);
        return cursor;
    }

    private static int[] Draft(DraftCursor cursor, int[] answer)
    {
        int length = cursor.Find(answer);
        return [.. Enumerable.Range(0, length).Select(i => cursor[i])];
    }
}
