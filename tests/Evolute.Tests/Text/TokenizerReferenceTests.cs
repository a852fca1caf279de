using System.Text;
using System.Text.Json;
using Evolute.Text;
using Evolute.Text.Normalization;

namespace Evolute.Tests.Text;

public class TokenizerReferenceTests
{
    [Theory]
    [InlineData("qwen2.5", "qwen2")]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("llama2", "llama-spm")]
    [InlineData("phi-3-mini", "phi-3")]
    [InlineData("t5-small", "t5")]
    public void Every_reference_row_has_the_reference_ids(string tokenizer, string rows)
    {
        Tokenizer subject = Load(tokenizer);
        List<string> wrong = [];
        int count = 0;
        foreach (string line in File.ReadLines(SharedFixtures.Path("fixtures", "vocab", rows + ".jsonl")))
        {
            count++;
            JsonElement row = JsonElement.Parse(line);
            string text = row.GetProperty("text").GetString()!;
            int[] expected = [.. row.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32())];
            int[] ids = subject.Encode(text);
            if (!ids.AsSpan().SequenceEqual(expected))
                wrong.Add($"row {count} {JsonSerializer.Serialize(text)}: [{string.Join(", ", ids)}] instead of [{string.Join(", ", expected)}]");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count >= 30, $"only {count} rows");
    }

    [Theory]
    [InlineData("qwen2.5", "qwen2")]
    [InlineData("llama3", "llama-bpe")]
    [InlineData("llama2", "llama-spm")]
    [InlineData("phi-3-mini", "phi-3")]
    public void Decoding_gives_the_text_back(string tokenizer, string rows)
    {
        Tokenizer subject = Load(tokenizer);
        foreach (string line in File.ReadLines(SharedFixtures.Path("fixtures", "vocab", rows + ".jsonl")))
        {
            string text = JsonElement.Parse(line).GetProperty("text").GetString()!;
            int[] ids = subject.Encode(text);
            Assert.Equal(CanonicalComposition.Compose(text), subject.Decode(ids));
            TokenStream stream = subject.NewStream();
            StringBuilder streamed = new();
            foreach (int id in ids) streamed.Append(stream.Append(id));
            Assert.Equal(subject.Decode(ids), streamed.Append(stream.Flush()).ToString());
        }
    }

    internal static Tokenizer Load(string name) => Tokenizer.Load(SharedFixtures.Path("fixtures", "tokenizers", name));
}
