using System.Text.Json.Nodes;

namespace Evolute.Tests.Models.Gguf;

/// <summary>Tokenizers as llama.cpp's converter writes them.</summary>
public class GgufTokenizerTests
{
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    [Fact]
    public void Bytes_have_merges_kinds_special_tokens_and_a_template()
    {
        using TinyGguf tiny = new("qwen2");
        tiny.Write("tokenizer.json", Bytes(Split(Qwen2)));
        tiny.Write("tokenizer_config.json", JsonNode.Parse("""{"eos_token":{"content":"<|end|>"},"pad_token":"<|pad|>","add_bos_token":false,"chat_template":"{{ x }}"}""")!);
        GgufContent file = tiny.Export();
        Assert.Equal(("gpt2", "qwen2"), (file.Keys["tokenizer.ggml.model"], file.Keys["tokenizer.ggml.pre"]));
        object[] tokens = List(file, "tokens");
        Assert.Equal(40, tokens.Length);
        Assert.Equal(["a", "b", "Ġ", "ab", "Ġab", "<|end|>", "<|pad|>", "word", "<|looks|>", "[PAD9]"], tokens[..10]);
        Assert.Equal("[PAD39]", tokens[39]);
        Assert.Equal([1, 1, 1, 1, 1, 3, 3, 4, 3, 5], List(file, "token_type")[..10]);
        Assert.Equal(["a b", "Ġ ab"], List(file, "merges"));
        Assert.Equal((5u, 6u, false, false), (file.Keys["tokenizer.ggml.eos_token_id"], file.Keys["tokenizer.ggml.padding_token_id"], file.Keys["tokenizer.ggml.add_bos_token"], file.Keys["tokenizer.ggml.add_eos_token"]));
        Assert.DoesNotContain("tokenizer.ggml.bos_token_id", file.Keys.Keys);
        Assert.DoesNotContain("tokenizer.ggml.scores", file.Keys.Keys);
        Assert.Equal("{{ x }}", file.Keys["tokenizer.chat_template"]);
        Assert.Empty(tiny.Notes);
    }

    [Theory]
    [InlineData("qwen2", Qwen2, false)]
    [InlineData("llama-bpe", Llama3, true)]
    [InlineData("smaug-bpe", Llama3, false)]
    public void Known_rules_of_splitting_have_llama_cpps_names(string name, string regex, bool ignoreMerges)
    {
        using TinyGguf tiny = new("qwen2");
        JsonObject tokenizer = Bytes(Split(regex));
        tokenizer["model"]!["ignore_merges"] = ignoreMerges;
        tiny.Write("tokenizer.json", tokenizer);
        Assert.Equal(name, tiny.Export().Keys["tokenizer.ggml.pre"]);
    }

    [Theory]
    [InlineData("gpt-2", """{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}""")]
    [InlineData("smollm", """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]}""")]
    public void Rules_without_a_pattern_of_their_own_have_names_too(string name, string splitter)
    {
        using TinyGguf tiny = new("qwen2");
        tiny.Write("tokenizer.json", Bytes(JsonNode.Parse(splitter)!));
        Assert.Equal(name, tiny.Export().Keys["tokenizer.ggml.pre"]);
    }

    [Fact]
    public void Rules_that_have_no_name_get_a_stand_in_which_finds_first_what_it_would_cut()
    {
        using TinyGguf tiny = new("qwen2");
        JsonObject tokenizer = Bytes(Split(@" ?</?\p{L}+>\n?| ?\p{L}+|."));
        JsonObject vocabulary = tokenizer["model"]!["vocab"]!.AsObject();
        (vocabulary["</x>Ċ"], vocabulary["x>"], vocabulary["Ã©"]) = (10, 11, 12);
        tiny.Write("tokenizer.json", tokenizer);
        GgufContent file = tiny.Export(encode: text => text == "</x>\n" ? [10] : [1, 2]);
        Assert.Equal("gpt-2", file.Keys["tokenizer.ggml.pre"]);
        Assert.Equal(("</x>\n", 4), (List(file, "tokens")[10], List(file, "token_type")[10]));
        Assert.Equal(("x>", 1), (List(file, "tokens")[11], List(file, "token_type")[11])); // the tokenizer itself makes two of it
        Assert.Equal(("Ã©", 1), (List(file, "tokens")[12], List(file, "token_type")[12]));
        Assert.Contains("stands in for it", Assert.Single(tiny.Notes));
    }

    [Fact]
    public void Pieces_have_scores_by_their_merges_and_bytes_are_bytes()
    {
        using TinyGguf tiny = new("llama");
        tiny.Write("tokenizer.json", JsonNode.Parse("""
            {"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]},
             "model":{"type":"BPE","byte_fallback":true,"vocab":{"<unk>":0,"<s>":1,"</s>":2,"<0x00>":3,"<0x0A>":4,"▁a":5,"bc":6,"   ":7,"▁":8,"a":9,"b":10,"c":11," ":12,"  ":13},"merges":["▁ a","b c","   "]},
             "added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true},{"id":2,"content":"</s>","special":true},{"id":14,"content":"▁▁","special":false}]}
            """)!);
        GgufContent file = tiny.Export();
        Assert.Equal(("llama", "default", true, false), (file.Keys["tokenizer.ggml.model"], file.Keys["tokenizer.ggml.pre"], file.Keys["tokenizer.ggml.add_space_prefix"], file.Keys["tokenizer.ggml.add_bos_token"]));
        Assert.Equal(["<unk>", "<s>", "</s>", "<0x00>", "<0x0A>", "▁a", "bc", "   ", "▁"], List(file, "tokens")[..9]);
        Assert.Equal([3, 3, 3, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 5], List(file, "token_type")[..16]);
        Assert.Equal([-1000f, -1000f, -1000f, 0f, 0f, 0f, -1f, -3f, -4f, -5f, -6f, -7f, -8f, -2f, -1000f, -10000f], List(file, "scores")[..16]);
        Assert.Equal("  ", List(file, "tokens")[14]); // found in text as people write it
        Assert.Equal(3u, file.Keys["tokenizer.ggml.eos_token_id"]); // config.json's
        tiny.Write("tokenizer_config.json", JsonNode.Parse("""{"bos_token":"<s>","eos_token":"</s>","unk_token":"<unk>","add_prefix_space":false}""")!);
        file = tiny.Export();
        Assert.Equal((1u, 2u, 0u, true, false), (file.Keys["tokenizer.ggml.bos_token_id"], file.Keys["tokenizer.ggml.eos_token_id"], file.Keys["tokenizer.ggml.unknown_token_id"], file.Keys["tokenizer.ggml.add_bos_token"], file.Keys["tokenizer.ggml.add_space_prefix"]));
    }

    [Fact]
    public void Templates_come_from_any_of_their_places()
    {
        using TinyGguf tiny = new("qwen2");
        tiny.Write("tokenizer.json", Bytes(Split(Qwen2)));
        tiny.Write("chat_template.json", JsonNode.Parse("""{"chat_template":"json"}""")!);
        Assert.Equal("json", tiny.Export().Keys["tokenizer.chat_template"]);
        File.WriteAllText(Path.Combine(tiny.Folder, "chat_template.jinja"), "jinja\n");
        Assert.Equal("jinja\n", tiny.Export().Keys["tokenizer.chat_template"]);
        tiny.Write("tokenizer_config.json", JsonNode.Parse("""{"chat_template":[{"name":"default","template":"one"},{"name":"Tool-Use","template":"two"}]}""")!);
        GgufContent file = tiny.Export();
        Assert.Equal(("one", "two"), (file.Keys["tokenizer.chat_template"], file.Keys["tokenizer.chat_template.tooluse"]));
        Assert.Equal(["tooluse"], (object[])file.Keys["tokenizer.chat_templates"]);
    }

    [Theory]
    [InlineData("""{"model":{"type":"Unigram","vocab":[]}}""", "of tokenizers only BPE goes into a GGUF file")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "only those on bytes, or with byte_fallback")]
    [InlineData("""{"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":40},"merges":[]}}""", "ids from 0 to 39")]
    [InlineData("""{"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}""", "a list of pairs of tokens")]
    [InlineData("""{"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[{"id":99,"content":"x"}]}""", "ids from 0 to 39")]
    public void What_has_no_place_in_a_file_is_refused(string json, string sentence)
    {
        using TinyGguf tiny = new("qwen2");
        tiny.Write("tokenizer.json", JsonNode.Parse(json)!);
        Assert.Contains(sentence, Assert.Throws<EvoluteInputException>(() => tiny.Export()).Message);
    }

    private static object[] List(GgufContent file, string key) => (object[])file.Keys["tokenizer.ggml." + key];

    private static JsonObject Split(string regex) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = regex }, ["behavior"] = "Isolated", ["invert"] = false },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false }),
    };

    private static JsonObject Bytes(JsonNode splitter) => new()
    {
        ["pre_tokenizer"] = splitter,
        ["model"] = JsonNode.Parse("""{"type":"BPE","vocab":{"a":0,"b":1,"Ġ":2,"ab":3,"Ġab":4},"merges":["a b",["Ġ","ab"]]}"""),
        ["added_tokens"] = JsonNode.Parse("""[{"id":5,"content":"<|end|>","special":true},{"id":6,"content":"<|pad|>","special":true},{"id":7,"content":"word","special":false},{"id":8,"content":"<|looks|>","special":false}]"""),
    };
}
