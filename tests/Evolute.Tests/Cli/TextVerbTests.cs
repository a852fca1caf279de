using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.Engines;

namespace Evolute.Tests.Cli;

/// <summary>The verbs that read and write text, with a model made on the spot and with the reference models.</summary>
public sealed class TextVerbTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly string _model;

    public TextVerbTests() => _model = TextModel.Create(_temp["model"]);

    [Fact]
    public void Tokenize_goes_to_ids_and_back()
    {
        ToolResult result = Tool.RunWith(Tool.NoVariables, "é<|end|>\n", "tokenize", "--model", _model, "--json", "--parse-special");
        Assert.Equal((ExitCode.Done, "", """{"ids":[195,169,256,10]}"""), (result.Code, result.Error, result.Out.TrimEnd()));
        Assert.Equal("195,169\n", Tool.Call("tokenize", "--model", _model, "--text", "é").Out);
        Assert.Equal("é\n", Tool.Call("tokenize", "--model", _model, "--decode", "195,169").Out);
        Assert.Equal("""{"text":"é<|end|>"}""", Tool.Call("tokenize", "--model", _model, "--decode", "195, 169, 256", "--json").Out.TrimEnd());
        Assert.Equal("60,124,101,110,100,124,62\n", Tool.Call("tokenize", "--model", _model, "--text", "<|end|>").Out);
        Assert.Equal("""{"ids":[]}""", Tool.Call("tokenize", "--model", _model, "--text", "", "--json").Out.TrimEnd());
    }

    [Theory]
    [InlineData("--decode: token id 265 is outside the tokenizer's vocabulary, 0 to 264.", "--decode", "265")]
    [InlineData("--decode and --text do not go together.", "--decode", "1", "--text", "a")]
    [InlineData("--messages and --parse-special do not go together.", "--messages", "m.json", "--parse-special")]
    [InlineData("--add-generation-prompt and --render are for --messages.", "--text", "a", "--render")]
    [InlineData("m.json: there is no such file.", "--messages", "m.json")]
    [InlineData("--decode is given 2 times; give it once.", "--decode", "1", "--decode", "2")]
    public void Tokenize_refuses_what_makes_no_sense(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(["tokenize", "--model", _model, .. args]);
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }

    [Fact]
    public void Generate_streams_the_text_that_json_holds()
    {
        string[] args = ["generate", "--model", _model, "--prompt", "ab", "--prompt", "é", "--prompt", "xyz", "--max-new-tokens", "20", "--temperature", "1", "--seed", "5"];
        ToolResult json = Tool.Run([.. args, "--json"]), text = Tool.Run([.. args, "--threads", "1", "--batch-size", "2"]);
        Assert.Equal((ExitCode.Done, "", ExitCode.Done, ""), (json.Code, json.Error, text.Code, text.Error));
        JsonElement[] prompts = [.. json.Json.GetProperty("prompts").EnumerateArray()];
        Assert.Equal([97, 98], GoldenModel.Ints(prompts[0].GetProperty("input_ids")));
        Assert.Equal(string.Concat(prompts.Select(p => p.GetProperty("text").GetString() + "\n")), text.Out);
        Assert.All(prompts, p => Assert.Contains(p.GetProperty("finish_reason").GetString(), (string[])["stop", "length"]));
        Assert.NotEqual(json.Out, Tool.Call([.. args[..^1], "6", "--json"]).Out);
    }

    [Fact]
    public void Generate_ends_at_a_stop_string_and_keeps_it()
    {
        string[] args = ["generate", "--model", _model, "--prompt", "ab", "--max-new-tokens", "20", "--temperature", "1", "--seed", "5"];
        JsonElement whole = Tool.Call([.. args, "--json"]).Json.GetProperty("prompts")[0];
        string text = whole.GetProperty("text").GetString()!, stop = text[4..6];
        JsonElement stopped = Tool.Call([.. args, "--stop", stop, "--json"]).Json.GetProperty("prompts")[0];
        string expected = text[..(text.IndexOf(stop, StringComparison.Ordinal) + stop.Length)];
        Assert.Equal((expected, "stop"), (stopped.GetProperty("text").GetString(), stopped.GetProperty("finish_reason").GetString()));
        Assert.Equal(expected + "\n", Tool.Call([.. args, "--stop", stop]).Out);
    }

    [Fact]
    public void Score_takes_text_as_generate_does()
    {
        string text = Tool.Call("score", "--model", _model, "--text", "abc", "--json").Out;
        Assert.Equal(text, Tool.Call("score", "--model", _model, "--input-ids", "97,98,99", "--json").Out);
        Assert.Contains("'b'", Tool.Call("score", "--model", _model, "--text", "abc").Out);
    }

    [Theory]
    [InlineData("Give either --prompt or --input-ids.")]
    [InlineData("Give either --prompt or --input-ids.", "--prompt", "a", "--input-ids", "1")]
    [InlineData("A prompt has no tokens; give at least one.", "--prompt", "")]
    [InlineData("A prompt of 1 tokens and 64 new ones are more than the model's window of 64; lower --max-new-tokens or shorten the prompt.", "--prompt", "a", "--max-new-tokens", "64")]
    [InlineData("Token id 265 is outside the model's vocabulary, 0 to 264.", "--input-ids", "265", "--max-new-tokens", "4")]
    [InlineData("A stop string must not be empty.", "--prompt", "a", "--max-new-tokens", "4", "--stop", "")]
    [InlineData("--max-new-tokens: '0' is not at least 1.", "--prompt", "a", "--max-new-tokens", "0")]
    [InlineData("--temperature: '-1' is not within 0 to 100.", "--prompt", "a", "--temperature", "-1")]
    [InlineData("--top-p: '1.5' is not within 0 to 1.", "--prompt", "a", "--top-p", "1.5")]
    [InlineData("--seed: '-1' is not within 0 to 18446744073709551615.", "--prompt", "a", "--seed", "-1")]
    public void Generate_refuses_what_makes_no_sense(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(["generate", "--model", _model, .. args]);
        Assert.Equal((ExitCode.BadInput, "", sentence), (result.Code, result.Out, result.Sentence));
    }

    [Fact]
    public void Chat_wraps_the_prompt_in_the_template()
    {
        File.WriteAllText(_temp["m.json"], """[{"role":"user","content":"hé"}]""");
        string[] render = ["tokenize", "--model", _model, "--messages", _temp["m.json"], "--add-generation-prompt"];
        Assert.Equal("<|user|>hé<|end|>\n>", Tool.Call([.. render, "--render"]).Out);
        Assert.Equal("""{"text":"<|user|>hé<|end|>\n>"}""", Tool.Call([.. render, "--render", "--json"]).Out.TrimEnd());
        Assert.Equal("257,104,195,169,256,10,62\n", Tool.Call(render).Out);
        JsonElement chat = Tool.Call("generate", "--model", _model, "--chat", "--prompt", "hé", "--max-new-tokens", "2", "--json").Json;
        Assert.Equal([257, 104, 195, 169, 256, 10, 62], GoldenModel.Ints(chat.GetProperty("prompts")[0].GetProperty("input_ids")));
        Assert.Equal("--chat wraps texts; give it --prompt, not --input-ids.", Tool.Call("generate", "--model", _model, "--chat", "--input-ids", "1").Sentence);
        File.Delete(Path.Combine(_model, "chat_template.jinja"));
        Assert.Equal(
            $"{_model}: the model has no chat template (chat_template.jinja, or chat_template in tokenizer_config.json).",
            Tool.Call("generate", "--model", _model, "--chat", "--prompt", "a", "--max-new-tokens", "2").Sentence);
    }

    [Fact]
    public void Messages_are_rendered_as_the_reference_does()
    {
        string folder = SharedFixtures.Path("fixtures", "tokenizers", "qwen2.5");
        foreach (JsonElement @case in JsonElement.Parse(File.ReadAllText(SharedFixtures.Path("fixtures", "chat-templates", "qwen2.5.json"))).GetProperty("cases").EnumerateArray())
        {
            if (!@case.TryGetProperty("expected", out JsonElement expected) || @case.EnumerateObject().Any(p => p.Name is not ("messages" or "add_generation_prompt" or "expected"))) continue;
            File.WriteAllText(_temp["m.json"], @case.GetProperty("messages").GetRawText());
            string[] prompt = @case.GetProperty("add_generation_prompt").GetBoolean() ? ["--add-generation-prompt"] : [];
            Assert.Equal(expected.GetString(), Tool.Call(["tokenize", "--model", folder, "--messages", _temp["m.json"], "--render", .. prompt]).Out);
        }
    }

    [Fact]
    public void A_cancelled_token_interrupts()
    {
        ToolResult result = Tool.CallWith("", new CancellationToken(canceled: true), "generate", "--model", _model, "--prompt", "a", "--max-new-tokens", "4");
        Assert.Equal((ExitCode.Interrupted, "Interrupted."), (result.Code, result.Sentence));
    }

    [Fact]
    public void A_model_without_a_tokenizer_works_with_ids_alone()
    {
        string path = SharedFixtures.Path("fixtures", "golden", "qwen2_tied");
        JsonElement[] prompts = [.. new GoldenModel("qwen2_tied").Expected.GetProperty("prompts").EnumerateArray()];
        List<string> args = ["generate", "--model", path, "--max-new-tokens", "24", "--ignore-eos"];
        foreach (JsonElement prompt in prompts) args.AddRange("--input-ids", string.Join(',', GoldenModel.Ints(prompt.GetProperty("ids"))));
        JsonElement[] answers = [.. Tool.Run([.. args, "--json"]).Json.GetProperty("prompts").EnumerateArray()];
        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(GoldenModel.Ints(prompts[i].GetProperty("greedy")), GoldenModel.Ints(answers[i].GetProperty("output_ids")));
            Assert.Equal(("", "length"), (answers[i].GetProperty("text").GetString(), answers[i].GetProperty("finish_reason").GetString()));
        }
        string ids = string.Concat(answers.Select(a => string.Join(',', GoldenModel.Ints(a.GetProperty("output_ids"))) + "\n"));
        Assert.Equal(ids, Tool.Call([.. args]).Out);
        Assert.Equal($"{path}: there is no tokenizer.json, so give token ids with --input-ids instead of --prompt.", Tool.Call("generate", "--model", path, "--prompt", "a").Sentence);
        Assert.Equal($"{path}: there is no tokenizer.json, and --stop needs one.", Tool.Call("generate", "--model", path, "--input-ids", "1", "--stop", "a").Sentence);
    }

    public void Dispose() => _temp.Dispose();
}
