using CsCheck;
using Evolute.Generation;
using Evolute.Tests.Text;
using Evolute.Text;

namespace Evolute.Tests.Generation;

/// <summary>Where a text ends: at the first stop string that is whole, whatever the tokens that bring it.</summary>
public class StopStringTests
{
    [Fact]
    public void The_first_stop_text_is_found_however_the_text_comes()
    {
        // Two letters make many near misses.
        Gen<string> text = Gen.Char["ab"].Array[0, 40].Select(c => new string(c)), stop = Gen.Char["ab"].Array[1, 6].Select(c => new string(c));
        Gen.Select(text, stop.Array[0, 3], Gen.Int[1, 5].Array[40]).Sample((whole, stops, pieces) =>
        {
            int expected = stops.Select(s => whole.IndexOf(s, StringComparison.Ordinal) is >= 0 and int at ? at + s.Length : int.MaxValue).DefaultIfEmpty(int.MaxValue).Min();
            StopMatcher matcher = new(stops);
            // A text before this one leaves nothing behind.
            matcher.Find("abab");
            matcher.Reset();
            int found = int.MaxValue;
            for (int at = 0, piece = 0; at < whole.Length && found == int.MaxValue; piece++)
            {
                int length = Math.Min(pieces[piece], whole.Length - at);
                int end = matcher.Find(whole.AsSpan(at, length));
                if (end >= 0) found = at + end;
                at += length;
            }
            Assert.Equal(expected, found);
        });
    }

    [Fact]
    public void A_stop_string_stays_in_the_text_and_what_the_same_token_held_after_it_does_not()
    {
        Tokenizer tokenizer = SmallTokenizer.Load();
        int[] ids = tokenizer.Encode("a stop. The end");
        Sequence sequence = new(tokenizer, new() { MaxNewTokens = 40, StopStrings = ["p", "top"] }, []);
        for (int run = 0; run < 2; run++)
        {
            sequence.Begin(0, [1]);
            Completion? completion = null;
            for (int i = 0; completion is null; i++) completion = sequence.Accept(ids[i]);
            Assert.Equal("a stop", completion.Text);
            Assert.Equal(FinishReason.Stop, completion.Finish);
        }
    }

    [Fact]
    public void An_unfinished_character_at_the_limit_is_told_as_such()
    {
        Tokenizer tokenizer = SmallTokenizer.Load();
        int[] ids = tokenizer.Encode("a🙂");
        Sequence sequence = new(tokenizer, new() { MaxNewTokens = 3, StopStrings = ["\uFFFD"] }, []);
        sequence.Begin(0, [1]);
        Assert.Null(sequence.Accept(ids[0]));
        Assert.Null(sequence.Accept(ids[1]));
        Completion? completion = sequence.Accept(ids[2]);
        Assert.Equal("a\uFFFD", completion!.Text);
        Assert.Equal(FinishReason.Length, completion.Finish);
    }
}
