using System.Globalization;
using CsCheck;
using Evolute.Text.Normalization;
using Evolute.Text.Splitting;
using Evolute.Text.Subwords;

namespace Evolute.Tests.Text;

public class TokenizerInternalsTests
{
    [Theory]
    [InlineData(WordPattern.Gpt2)]
    [InlineData(WordPattern.Qwen2)]
    [InlineData(WordPattern.Llama3)]
    public void Scanners_find_what_their_expressions_find(string pattern)
    {
        WordPattern scanner = WordPattern.For(pattern)!;
        RegexPattern regex = RegexPattern.Parse(pattern, "test");
        TokenizerTests.AnyText.Sample(given =>
        {
            string text = string.Concat(given.EnumerateRunes());
            return Matches(scanner, text).SequenceEqual(Matches(regex, text));
        });

        static List<(int, int)> Matches(PiecePattern pattern, string text)
        {
            List<(int, int)> matches = [];
            pattern.FindAll(text, matches);
            return matches;
        }
    }

    [Fact]
    public void A_stand_in_has_the_category_that_it_stands_for()
    {
        for (int c = 0x10000; c <= 0x10FFFF; c++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(c);
            Assert.Equal(category, CharUnicodeInfo.GetUnicodeCategory(RegexPattern.StandIn(category)));
        }
    }

    [Fact]
    public void Both_ways_to_merge_agree()
    {
        Gen<(int, int)[]> merges = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12]).Array[1, 40];
        Gen.Select(merges, Gen.Int[0, 5].Array[1, 48]).Sample((pairs, row) =>
        {
            MergeTable table = new(pairs.Length);
            // Every pair makes a token of its own, as in a real vocabulary.
            for (int i = 0; i < pairs.Length; i++)
                if (table.Rank(pairs[i].Item1, pairs[i].Item2, out _) == MergeTable.Never) table.Add(pairs[i].Item1, pairs[i].Item2, i, 6 + i);
            int[] scanned = [.. row], queued = [.. row];
            return scanned.AsSpan(0, PairMerger.MergeByScan(table, scanned)).SequenceEqual(queued.AsSpan(0, PairMerger.MergeByQueue(table, queued)));
        });
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "é")]
    [InlineData("s\u0307\u0323", "ṩ")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "à\u05AE\u0300\u0315b")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("\u1100\u1161\u1161", "가\u1161")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011131\U00011127", "\U0001112E")]
    [InlineData("\u0344", "\u0308\u0301")]
    public void Composition_is_form_C(string text, string composed) => Assert.Equal(composed, CanonicalComposition.Compose(text));

    [Fact]
    public void Composing_twice_changes_nothing() => TokenizerTests.AnyText.Sample(given =>
    {
        string once = CanonicalComposition.Compose(string.Concat(given.EnumerateRunes()));
        return CanonicalComposition.Compose(once) == once;
    });
}
