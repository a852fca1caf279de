using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Cli;
using Evolute.Models;
using Evolute.Tests.EndToEnd;

namespace Evolute.Tests.Cli;

/// <summary>Comparing a result with its base, and sampling, through the command line.</summary>
public sealed class CompareVerbTests(FinishedRun run) : IClassFixture<FinishedRun>
{
    private static readonly string[] Eval = ["eval", "countdown", "--eval-problems", "24", "--max-new-tokens", "24"];

    private string Final => Path.Combine(run.Folder, "final");

    [Fact]
    public void A_comparison_holds_both_models_and_all_that_lies_between()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["text.txt"], string.Concat(Enumerable.Repeat("Numbers: 3 7 25. Target: 46.\n<answer>25+3*7</answer>\n", 20)));
        string[] compare = [.. Eval, "--model", Final, "--compare-to", "base", "--kl-prompts", "10", "--perplexity-text", temp["text.txt"], "--samples", "4", "--k", "1,2,4", "--temperature", "1"];
        ToolResult result = Tool.Call([.. compare, "--json", "--threads", "1", "--batch-size", "3"]);
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        JsonElement json = result.Json, other = json.GetProperty("base");
        Assert.Equal((24, 24, "countdown"), (json.GetProperty("n").GetInt32(), other.GetProperty("n").GetInt32(), json.GetProperty("task").GetString()));

        JsonElement kl = json.GetProperty("kl"), perplexity = json.GetProperty("perplexity"), weights = json.GetProperty("weights");
        Assert.Equal(10, kl.GetProperty("prompts").GetInt32());
        Assert.InRange(kl.GetProperty("mean").GetDouble(), kl.GetProperty("interval")[0].GetDouble(), kl.GetProperty("interval")[1].GetDouble());
        Assert.True(kl.GetProperty("mean").GetDouble() > 0);
        Assert.True(perplexity.GetProperty("tuned").GetDouble() > 1 && perplexity.GetProperty("base").GetDouble() > 1);
        Assert.True(weights.GetProperty("norm").GetDouble() > 0);
        JsonElement[] tensors = [.. weights.GetProperty("tensors").EnumerateArray()];
        Assert.Equal(Math.Pow(weights.GetProperty("norm").GetDouble(), 2), tensors.Sum(t => Math.Pow(t.GetProperty("norm").GetDouble(), 2)), 1e-9);
        Assert.InRange(weights.GetProperty("changed").GetDouble(), 0.5, 1);

        int lost = json.GetProperty("regressions").GetProperty("count").GetInt32(), gained = json.GetProperty("gains").GetProperty("count").GetInt32();
        Assert.Equal((lost, gained), (json.GetProperty("regressions").GetProperty("ids").GetArrayLength(), json.GetProperty("gains").GetProperty("ids").GetArrayLength()));
        Assert.Equal(json.GetProperty("accuracy").GetDouble() - other.GetProperty("accuracy").GetDouble(), (gained - lost) / 24.0, 1e-12);
        Assert.Equal(Evolute.Runs.McNemarTest.PValue(lost, gained), json.GetProperty("mcnemar_p").GetDouble());
        foreach (JsonElement model in (JsonElement[])[json, other])
        {
            JsonElement[] pass = [.. model.GetProperty("pass_at").EnumerateArray()];
            Assert.Equal([1, 2, 4], pass.Select(p => p.GetProperty("k").GetInt32()));
            Assert.Equal(pass.Select(p => p.GetProperty("value").GetDouble()).Order(), pass.Select(p => p.GetProperty("value").GetDouble()));
            Assert.Equal(pass[0].GetProperty("value").GetDouble(), model.GetProperty("maj_at")[0].GetProperty("value").GetDouble(), 1e-12);
        }

        // Threads and batches change nothing, and the base by its folder is the run's base.
        Assert.Equal(result.Out, Tool.Call([.. compare.Select(a => a == "base" ? BundledModel.Locate() : a), "--json", "--threads", "2"]).Out);
        ToolResult table = Tool.Call(compare);
        foreach (string word in (string[])["accuracy", "pass@4", "maj@4", "perplexity", "regressions", "gains", "KL", "‖Δθ‖", "McNemar"]) Assert.Contains(word, table.Out);
    }

    [Fact]
    public void A_model_beside_itself_has_no_distance()
    {
        JsonElement json = Tool.Call([.. Eval, "--compare-to", BundledModel.Locate(), "--json"]).Json;
        Assert.Equal(0, json.GetProperty("kl").GetProperty("mean").GetDouble());
        Assert.Equal(0, json.GetProperty("weights").GetProperty("norm").GetDouble());
        Assert.Equal(0, json.GetProperty("weights").GetProperty("changed").GetDouble());
        Assert.Equal((0, 0, 1.0), (json.GetProperty("regressions").GetProperty("count").GetInt32(), json.GetProperty("gains").GetProperty("count").GetInt32(), json.GetProperty("mcnemar_p").GetDouble()));
        Assert.False(json.TryGetProperty("perplexity", out _));
        Assert.False(json.TryGetProperty("pass_at", out _));
    }

    [Fact]
    public void Sampling_alone_needs_no_base()
    {
        string[] sampling = [.. Eval, "--samples", "3", "--k", "1,3", "--temperature", "1"];
        JsonElement json = Tool.Call([.. sampling, "--json"]).Json;
        Assert.Equal(2, json.GetProperty("maj_at").GetArrayLength());
        // The accuracy stays greedy.
        Assert.Equal(Tool.Call([.. Eval, "--json"]).Json.GetProperty("accuracy").GetDouble(), json.GetProperty("accuracy").GetDouble());
        Assert.Contains("pass@3", Tool.Call(sampling).Out);
    }

    [Fact]
    public void Perplexity_alone_needs_no_base_and_is_the_comparison_s()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["text.txt"], string.Concat(Enumerable.Repeat("Numbers: 3 7 25. Target: 46.\n", 20)));
        string[] eval = [.. Eval, "--model", Final, "--perplexity-text", temp["text.txt"]];
        JsonElement alone = Tool.Call([.. eval, "--json"]).Json.GetProperty("perplexity"), compared = Tool.Call([.. eval, "--compare-to", "base", "--json"]).Json.GetProperty("perplexity");
        Assert.Equal(compared.GetProperty("tuned").GetDouble(), alone.GetProperty("value").GetDouble());
        Assert.Equal(compared.GetProperty("tokens").GetInt32(), alone.GetProperty("tokens").GetInt32());
        Assert.Contains("\nperplexity ", Tool.Call(eval).Out);
    }

    [Theory]
    [InlineData("--compare-to: there is no folder './nowhere/base'; name a model's folder in Hugging Face layout, or a model of the hub as ORG/NAME.", "--compare-to", "./nowhere/base")]
    [InlineData("--k: 4 is more than the 2 of --samples; draw more, or lower k.", "--samples", "2", "--k", "1,4", "--temperature", "1")]
    [InlineData("--k is about sampled answers; say how many by --samples.", "--k", "4")]
    [InlineData("--samples draws different answers, so it needs a --temperature above 0, 1 say.", "--samples", "2")]
    [InlineData("--kl-prompts goes with --compare-to; give the base model there.", "--kl-prompts", "5")]
    [InlineData("--perplexity-text: there is no file 'none.txt'.", "--perplexity-text", "none.txt")]
    public void Bad_input_is_one_sentence_and_exit_code_2(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call([.. Eval, .. args]);
        Assert.Equal((ExitCode.BadInput, "", sentence), (result.Code, result.Out, result.Sentence));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_by_name()
    {
        using TempFolder temp = new();
        string bundled = BundledModel.Locate();
        Refused($"--compare-to base: {bundled} does not lie in a run's folder; name the base model's folder.", "base");
        Refused("--perplexity-text: there is no file 'none.txt'.", bundled, "--perplexity-text", "none.txt");

        string other = TextModel.Create(temp["other"]);
        ToolResult vocabulary = Tool.Call([.. Eval, "--compare-to", other]);
        Assert.Equal(ExitCode.BadInput, vocabulary.Code);
        Assert.StartsWith($"{other} has a vocabulary of ", vocabulary.Sentence);

        Folders.Copy(bundled, temp["words"]);
        string file = Path.Combine(temp["words"], "tokenizer.json");
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(file))!;
        JsonObject vocabularyOf = tokenizer["model"]!["vocab"]!.AsObject();
        (string a, string b) = ("0", "1");
        (int first, int second) = (vocabularyOf[a]!.GetValue<int>(), vocabularyOf[b]!.GetValue<int>());
        (vocabularyOf[a], vocabularyOf[b]) = (second, first);
        File.WriteAllText(file, tokenizer.ToJsonString());
        Refused($"{temp["words"]} has another tokenizer than {bundled}: token {Math.Min(first, second)} is '{(first < second ? b : a)}' there and '{(first < second ? a : b)}' here; compare with the model that this one was tuned from.", temp["words"]);

        void Refused(string sentence, string compareTo, params string[] more)
        {
            ToolResult result = Tool.Call([.. Eval, "--compare-to", compareTo, .. more]);
            Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
        }
    }
}
