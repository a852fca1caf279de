using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Evolute.Text;

namespace Evolute.Tests.Text;

/// <summary>Unigram against a plain search over all ways to cut a text: as good a sum of scores, and the same text.</summary>
public class UnigramViterbiTests
{
    private static readonly Gen<string> Piece = Gen.Char["abc"].Array[1, 5].Select(c => new string(c));

    [Fact]
    public void Random_vocabularies_and_texts() => Gen.Select(
        Gen.Select(Piece, Gen.Double[-12, -0.5]).Array[0, 25], Gen.Double[-12, -0.5].Array[4], Gen.Char["abc"].Array[0, 40].Select(c => new string(c))).Sample((pieces, singles, text) =>
    {
        Dictionary<string, double> scores = new() { ["▁"] = singles[0], ["a"] = singles[1], ["b"] = singles[2], ["c"] = singles[3] };
        foreach ((string piece, double score) in pieces) scores.TryAdd(piece, score);
        JsonArray vocabulary = [new JsonArray("<unk>", 0), .. scores.Select(s => (JsonNode)new JsonArray(s.Key, s.Value))];
        JsonObject json = new()
        {
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always" },
            ["decoder"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always" },
            ["model"] = new JsonObject { ["type"] = "Unigram", ["unk_id"] = 0, ["vocab"] = vocabulary },
        };
        AssertBest(SmallTokenizer.Load(json), scores, text);
    }, iter: 300);

    [Fact]
    public void The_vocabulary_of_t5_on_english()
    {
        string folder = SharedFixtures.Path("fixtures", "tokenizers", "t5-small");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        Dictionary<string, double> scores = [];
        foreach (JsonElement entry in json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateArray()) scores.TryAdd(entry[0].GetString()!, entry[1].GetDouble());
        Tokenizer tokenizer = Tokenizer.Load(folder);
        foreach (string word in (string[])["internationalization", "evolution strategies fine-tune language models", "antidisestablishmentarianism", "The quick brown fox", "unbelievably"])
            AssertBest(tokenizer, scores, word);
    }

    private static void AssertBest(Tokenizer tokenizer, Dictionary<string, double> scores, string text)
    {
        string[] pieces = [.. tokenizer.Encode(text).Select(id => tokenizer.TokenOf(id)!)];
        string whole = text.Length == 0 ? "" : "▁" + text.Replace(' ', '▁');
        Assert.Equal(whole, string.Concat(pieces));
        // SentencePiece adds in float32.
        Assert.Equal(Best(scores, whole), pieces.Sum(p => scores[p]), 1e-3);
    }

    private static double Best(Dictionary<string, double> scores, string text)
    {
        double[] best = new double[text.Length + 1];
        for (int end = 1; end <= text.Length; end++)
        {
            best[end] = double.NegativeInfinity;
            for (int start = 0; start < end; start++)
                if (scores.TryGetValue(text[start..end], out double score)) best[end] = Math.Max(best[end], best[start] + score);
        }
        return best[^1];
    }
}
