using System.Text.Json;
using Evolute.Cli;
using Evolute.Models;
using Evolute.Tests.Cli;
using Evolute.Tests.Models;
using Evolute.Tests.Models.Gguf;

namespace Evolute.Tests.Bench;

/// <summary>The measurements through the command line: what is counted, and what is refused.</summary>
public sealed class BenchVerbTests : IDisposable
{
    // H 16, F 24, 2 layers, 2 heads and 1 key/value head of 8, V 40: q and o 256 each, k and v 128 each, feed-forward 3·16·24.
    private const long LayerElements = 2 * (256 + 256 + 128 + 128 + 1152), HeadElements = 40 * 16;

    private readonly TempFolder _temp = new();
    private readonly string _shape;

    public BenchVerbTests()
    {
        _shape = _temp["tiny.json"];
        File.WriteAllText(_shape, TinyModel.Config);
    }

    [Fact]
    public void Every_stage_counts_the_work_that_the_formulas_say()
    {
        ToolResult result = Tool.Call(
            "bench", "--shape", _shape, "--threads", "1", "--repeats", "2", "--prefill-prompts", "2", "--prefill-tokens", "4", "--batches", "3,1", "--context", "5", "--decode-steps", "2",
            "--population", "2", "--prompts", "2", "--prompt-tokens", "4", "--max-new-tokens", "3", "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        JsonElement json = result.Json;
        Assert.True(json.GetProperty("peak_gflops").GetDouble() > 0 && json.GetProperty("read_gbs").GetDouble() > 0);
        Assert.Equal((1, Environment.ProcessorCount), (json.GetProperty("machine").GetProperty("threads").GetInt32(), json.GetProperty("machine").GetProperty("cores").GetInt32()));
        Assert.Equal(("tiny", true), (json.GetProperty("model").GetProperty("name").GetString(), json.GetProperty("model").GetProperty("random_weights").GetBoolean()));
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            ["prefill", "decode", "decode", "noise-fill", "noise-add-scaled", "packing", "packing-with-noise", "checksum", "prepare", "generate", "reward", "update", "iteration"],
            rows.Select(r => r.GetProperty("stage").GetString()));

        // One step of 2 sequences of 4 tokens; 4·D·heads = 64 a token of context and layer, and 2·4·D·kv heads = 64 bytes.
        const long prefill = 2 * 8 * LayerElements + 2 * 2 * HeadElements + 64 * 2 * 2 * (1 + 2 + 3 + 4);
        Assert.Equal((2, prefill, 4 * (LayerElements + HeadElements) + 64 * 2 * 2 * 4), Counted(rows[0]));
        // Two steps of 3 sequences that have seen 6 and 7 tokens.
        Assert.Equal((3, 2 * 2 * 3 * (LayerElements + HeadElements) + 64 * 2 * 3 * (6 + 7), 2 * 4 * (LayerElements + HeadElements) + 64 * 2 * 3 * (6 + 7)), Counted(rows[1]));
        Assert.Equal((1, 2 * 2 * (LayerElements + HeadElements) + 64 * 2 * (6 + 7), 2 * 4 * (LayerElements + HeadElements) + 64 * 2 * (6 + 7)), Counted(rows[2]));
        // Each of 2 members: that prefill, which gives the first of 3 tokens, then 2 steps of 2 sequences that have seen 5 and 6 tokens.
        const long member = prefill + 2 * 2 * 2 * (LayerElements + HeadElements) + 64 * 2 * 2 * (5 + 6);
        Assert.Equal(2 * member, rows[9].GetProperty("operations").GetInt64());
        Assert.Equal(2 * member, rows[12].GetProperty("operations").GetInt64());

        foreach (JsonElement row in rows.Where(r => r.GetProperty("operations").ValueKind == JsonValueKind.Number))
        {
            double seconds = row.GetProperty("seconds").GetDouble(), gflops = row.GetProperty("gflops").GetDouble();
            Assert.Equal(2, row.GetProperty("repeats").GetInt32());
            Assert.True(seconds > 0 && gflops > 0 && row.GetProperty("share_of_limit").GetDouble() > 0 && row.GetProperty("tokens_per_s").GetDouble() > 0);
            Assert.Contains(row.GetProperty("limit").GetString(), (string[])["compute", "memory"]);
        }
        Assert.True(rows[12].GetProperty("share_of_peak_by_parameters").GetDouble() > 0);
    }

    [Fact]
    public void Weights_in_bfloat16_are_half_the_bytes_and_the_same_operations()
    {
        ToolResult result = Tool.Call(
            "bench", "--shape", _shape, "--threads", "1", "--repeats", "1", "--stages", "decode", "--batches", "3", "--context", "5", "--decode-steps", "1", "--packed", "bfloat16", "--json");
        Assert.Equal((ExitCode.Done, "bfloat16"), (result.Code, result.Json.GetProperty("model").GetProperty("packed").GetString()));
        Assert.Equal((3, 2 * 3 * (LayerElements + HeadElements) + 64 * 2 * 3 * 6, 2 * (LayerElements + HeadElements) + 64 * 2 * 3 * 6), Counted(result.Json.GetProperty("rows")[0]));
    }

    [Fact]
    public void Iterations_of_training_are_those_that_the_models_folder_asks_for()
    {
        string model = TextModel.Create(_temp["model"]);
        File.WriteAllText(
            Path.Combine(model, "evolute.json"),
            """{"task":{"countdown":{"prompt":"{numbers}={target}:"}},"train":{"population":3,"prompts":2,"train-problems":4,"max-new-tokens":4,"iterations":9}}""");
        ToolResult result = Tool.Call("bench", "--model", model, "--task", "countdown", "--stages", "iteration", "--repeats", "1", "--threads", "2");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        string[] lines = result.Out.Split('\n');
        Assert.Equal(2, lines.Count(l => l.StartsWith("  iteration ", StringComparison.Ordinal) || l.StartsWith("  reward ", StringComparison.Ordinal)));
        Assert.Contains("2 members at a time", result.Out);
    }

    [Fact]
    public void The_random_weights_go_to_other_programs_as_they_are()
    {
        ToolResult result = Tool.Call("bench", "--shape", "mini-2.5m", "--repeats", "1", "--export-gguf", _temp["mini.gguf"], "--export-hf", _temp["mini"], "--json");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        Assert.Equal(0, result.Json.GetProperty("rows").GetArrayLength());
        ModelDirectory folder = ModelDirectory.Open(_temp["mini"]);
        using WeightTable weights = folder.LoadWeights();
        Assert.InRange(weights.ParameterCount, 2_000_000, 3_000_000);
        Assert.All(weights[TensorNames.FinalNorm].Span.ToArray(), value => Assert.Equal(1, value));
        float[] up = weights["model.layers.5.mlp.up_proj.weight"].Span.ToArray();
        Assert.InRange(Math.Sqrt(up.Average(v => v * (double)v)), 0.0195, 0.0205);
        GgufContent file = GgufContent.Read(File.ReadAllBytes(_temp["mini.gguf"]));
        Assert.Equal(up, file.Tensors["blk.5.ffn_up.weight"].Values());
        Assert.Equal(weights.Tensors.Count, file.Tensors.Count);
        Assert.Equal(folder.Spec.VocabularySize, ((object[])file.Keys["tokenizer.ggml.tokens"]).Length);
        Assert.Equal($"{_temp["mini"]}: --export-hf exists already; choose another name, or remove it first.", Tool.Call("bench", "--shape", "mini-2.5m", "--export-hf", _temp["mini"]).Sentence);
    }

    [Theory]
    [InlineData("Give either --model or --shape.", "--model", "x", "--shape", "mini-2.5m")]
    [InlineData("--task asks a model with a tokenizer; give it --model, not --shape.", "--task", "countdown", "--shape", "mini-2.5m")]
    [InlineData("There is no task 'countdwn'. Did you mean 'countdown'?", "--task", "countdwn")]
    [InlineData("--stages: there is no 'prefil'. Did you mean 'prefill'?", "--stages", "decode,prefil")]
    [InlineData("--batches: '0' is not within 1 to 65536.", "--batches", "1,0")]
    [InlineData("--batches: '' is not a whole number.", "--batches", "1,")]
    [InlineData("--repeats: '0' is not within 1 to 1000.", "--repeats", "0")]
    [InlineData("--against-stage: there is no 'update'. There is: prefill, decode.", "--against-stage", "update")]
    [InlineData("--population must be at least 2, since rewards are compared within it; it is 1.", "--population", "1")]
    [InlineData("--prefill-tokens: 65 tokens are more than the model's window of 64; give less.", "--shape", "TINY", "--prefill-tokens", "64", "--stages", "prefill")]
    [InlineData("--context and --decode-steps: 80 tokens are more than the model's window of 64; give less.", "--shape", "TINY", "--context", "64", "--stages", "decode")]
    [InlineData("--prompt-tokens and --max-new-tokens: 90 tokens are more than the model's window of 64; give less.", "--shape", "TINY", "--max-new-tokens", "26", "--stages", "iteration")]
    public void Wrong_wishes_are_one_sentence(string sentence, params string[] flags)
    {
        ToolResult result = Tool.Call(["bench", .. flags.Select(f => f == "TINY" ? _shape : f)]);
        Assert.Equal((ExitCode.BadInput, "", sentence), (result.Code, result.Out, result.Sentence));
    }

    [Fact]
    public void A_shape_that_is_none_is_named_with_those_that_are() =>
        Assert.StartsWith("--shape: 'qwen' is neither a shape nor a config.json; the shapes are llama-3.2-1b, mini-2.5m, qwen2.5-0.5b,", Tool.Call("bench", "--shape", "qwen").Sentence);

    [Fact]
    public void More_than_the_machines_memory_is_refused_before_any_is_taken()
    {
        ToolResult result = Tool.Call("bench", "--shape", "qwen2.5-7b", "--batches", "65536", "--context", "30000");
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.Matches(@"^qwen2\.5-7b needs [0-9.]+ [A-Z]iB of memory to be measured like this, and this machine has [0-9.]+ [A-Z]iB; choose a smaller model or --shape, or smaller --batches\.$", result.Sentence);
    }

    public void Dispose() => _temp.Dispose();

    private static (int Batch, long Operations, long Bytes) Counted(JsonElement row) =>
        (row.GetProperty("batch").GetInt32(), row.GetProperty("operations").GetInt64(), row.GetProperty("bytes").GetInt64());
}
