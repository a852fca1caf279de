using System.Text.Json.Nodes;
using CsCheck;

namespace Evolute.Tests.Text;

public class TokenizerBadInputTests
{
    /// <summary>A change to the file, and words that the error must hold.</summary>
    public static TheoryData<string, string, string> Damages => new()
    {
        { "model", "7", "model must be an object" },
        { "model.type", "\"WordPiece\"", "model.type = '\"WordPiece\"' is not supported: there is BPE, Unigram" },
        { "model.vocab", "[]", "model.vocab" },
        { "model.vocab.a", "-1", "model.vocab has for token 'a' the id '-1'" },
        { "model.vocab.a", "65", "model.vocab gives id 65 to both" },
        { "model.merges", "{}", "model.merges must be a list" },
        { "model.merges", "[\"ab\"]", "model.merges[0] = '\"ab\"' is not a merge" },
        { "model.merges", "[[\"a\", \"1\"]]", "model.merges[0] needs token 'a1'" },
        { "model.unk_token", "\"<nothing>\"", "model.unk_token must be a token of the vocabulary" },
        { "model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix" },
        { "model.dropout", "0.1", "model.dropout" },
        { "normalizer.type", "\"BertNormalizer\"", "normalizer.type = '\"BertNormalizer\"' is not supported" },
        { "pre_tokenizer.type", "\"BertPreTokenizer\"", "pre_tokenizer.type = '\"BertPreTokenizer\"' is not supported" },
        { "pre_tokenizer.pretokenizers.0.pattern.Regex", "\"(\"", "is not a regular expression" },
        { "pre_tokenizer.pretokenizers.0.behavior", "\"Shred\"", "pre_tokenizer.pretokenizers[0].behavior must be one of" },
        { "post_processor.type", "\"Other\"", "post_processor.type" },
        { "post_processor.single.0.SpecialToken.id", "\"<x>\"", "the post_processor names token '<x>'" },
        { "decoder", "null", "decoder must be an object" },
        { "decoder.type", "\"CTC\"", "decoder.type = '\"CTC\"' is not supported" },
        { "added_tokens.0.id", "5", "added_tokens[0].content" },
        { "added_tokens.0.content", "\"\"", "added_tokens[0].content must be a text that is not empty" },
        { "added_tokens.0.special", "3", "added_tokens[0].special must be true or false" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_part_is_named(string path, string value, string words)
    {
        JsonObject json = SmallTokenizer.Json();
        string[] steps = path.Split('.');
        JsonNode at = json;
        foreach (string step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step, null)]! : at[step]!;
        at[steps[^1]] = JsonNode.Parse(value);
        EvoluteInputException error = Assert.Throws<EvoluteInputException>(() => SmallTokenizer.Load(json));
        Assert.Contains(words, error.Message);
        Assert.Contains("tokenizer.json: ", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        EvoluteInputException error = Assert.Throws<EvoluteInputException>(() => Evolute.Text.Tokenizer.Load(Path.GetTempPath() + "no-such-folder"));
        Assert.Contains("there is no such file", error.Message);
    }

    [Fact]
    public void A_damaged_file_gives_the_typed_error_and_no_other() => Damage(2000);

    /// <summary>Minutes; run by name: <c>dotnet test -c Release -- --explicit only --filter-class "*TokenizerBadInputTests"</c>.</summary>
    [Fact(Explicit = true)]
    public void A_hundred_thousand_damaged_files_give_the_typed_error_and_no_other() => Damage(100_000);

    private static void Damage(int count)
    {
        string whole = File.ReadAllText(Path.Combine(SmallTokenizer.Folder, "tokenizer.json"));
        string[] parts = ["\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e9", "\"Sequence\"", "\"Split\"", "\"Metaspace\"", "\"Replace\"", "\"Unigram\"", "true", "\\ud800", "\0"];
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 12], Gen.Int[0, parts.Length - 1].Select(i => parts[i]), Gen.Int[0, 1]).Array[1, 3].Sample(edits =>
        {
            string text = whole;
            foreach ((int at, int length, string put, int keep) in edits)
                if (at + length <= text.Length) text = text[..at] + put + text[(at + length * keep)..];
            try
            {
                Evolute.Text.Tokenizer tokenizer = SmallTokenizer.LoadText(text);
                tokenizer.Decode(tokenizer.Encode("The quick brown fox é <tool>", addSpecialTokens: true, parseSpecial: true));
            }
            catch (EvoluteInputException)
            {
            }
        }, iter: count);
    }
}
