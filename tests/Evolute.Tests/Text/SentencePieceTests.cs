using CsCheck;
using Evolute.Text;

namespace Evolute.Tests.Text;

public class SentencePieceTests
{
    private static readonly string ByteTokens = string.Join(", ", Enumerable.Range(0, 256).Select(b => $"\"<0x{b:X2}>\": {b + 2}"));

    internal static readonly Tokenizer Bytes = SmallTokenizer.LoadText(
        $$$"""
        {
          "added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true, "normalized": false}],
          "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
          "pre_tokenizer": null,
          "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]},
          "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
          "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
            "vocab": {"<unk>": 0, "<s>": 1, {{{ByteTokens}}}, "▁": 258, "h": 259, "i": 260, "▁h": 261, "hi": 262, "▁hi": 263, "▁▁": 264},
            "merges": ["▁ h", "h i", "▁h i", "▁ hi", "▁ ▁"]}
        }
        """);

    private static readonly Tokenizer Unigram = SmallTokenizer.LoadText(
        """
        {
          "added_tokens": [{"id": 1, "content": "</s>", "special": true, "normalized": false}],
          "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
          "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}]},
          "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
          "model": {"unk_id": 0, "vocab": [["<unk>", 0], ["</s>", 0], ["▁", -2], ["a", -3], ["b", -3.5], ["ab", -4], ["▁ab", -5], ["aba", -6.75]]}
        }
        """);

    [Theory]
    [InlineData("hi", new[] { 263 })]
    [InlineData("hi hi", new[] { 263, 263 })]
    [InlineData(" hi", new[] { 258, 263 })]
    [InlineData("  i", new[] { 264, 258, 260 })]
    [InlineData("é", new[] { 258, 0xC3 + 2, 0xA9 + 2 })]
    [InlineData("<s>", new[] { 258, '<' + 2, 's' + 2, '>' + 2 })]
    [InlineData("", new int[0])]
    public void Byte_pairs_with_bytes_for_what_is_no_token(string text, int[] ids)
    {
        Assert.Equal(ids, Bytes.Encode(text));
        Assert.Equal(text, Bytes.Decode(ids));
        Assert.Equal([1, .. ids], Bytes.Encode(text, addSpecialTokens: true));
    }

    [Fact]
    public void Bytes_wait_for_the_end_of_their_run()
    {
        TokenStream stream = Bytes.NewStream();
        Assert.Equal("hi", stream.Append(263));
        Assert.Equal("", stream.Append(0xC3 + 2));
        Assert.Equal("", stream.Append(0xA9 + 2));
        Assert.Equal("é hi", stream.Append(263));
        Assert.Equal("", stream.Append(0xC3 + 2));
        Assert.Equal("\uFFFD", stream.Flush());
    }

    [Fact]
    public void A_new_sequence_knows_nothing_of_the_last()
    {
        TokenStream stream = Bytes.NewStream();
        stream.Append(263);
        stream.Append(0xC3 + 2);
        stream.Reset();
        Assert.Equal("hi", stream.Append(263));
        Assert.Equal("", stream.Flush());
    }

    [Fact]
    public void Any_text_comes_back_and_streams_alike() => TokenizerTests.AnyText.Sample(given =>
    {
        string text = string.Concat(given.EnumerateRunes());
        int[] ids = Bytes.Encode(text);
        TokenStream stream = Bytes.NewStream();
        string streamed = string.Concat(ids.Select(stream.Append)) + stream.Flush();
        // The mark of a space cannot be told from a space.
        return streamed == text.Replace('▁', ' ') && Bytes.Decode(ids) == streamed;
    });

    [Theory]
    [InlineData("ab", new[] { 6 })]
    [InlineData("abab", new[] { 6, 5 })]
    [InlineData("aba", new[] { 6, 3 })]
    [InlineData("bab ab", new[] { 2, 4, 5, 6 })]
    [InlineData("axyb", new[] { 2, 3, 0, 4 })]
    [InlineData("</s>", new[] { 2, 0 })]
    public void Unigram_takes_the_best_sum(string text, int[] ids)
    {
        Assert.Equal(ids, Unigram.Encode(text));
        Assert.Equal([.. ids, 1], Unigram.Encode(text, addSpecialTokens: true));
    }

    [Fact]
    public void Unigram_decodes_without_the_space_in_front()
    {
        Assert.Equal("bab ab", Unigram.Decode(Unigram.Encode("bab ab")));
        Assert.Equal([6, 1, 6], Unigram.Encode("ab</s>ab", parseSpecial: true));
    }
}
