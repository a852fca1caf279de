using System.Text.Json;
using Evolute.Cli;
using Evolute.Models;
using Evolute.Tests.Models;
using Evolute.Tests.Models.Gguf;

namespace Evolute.Tests.Cli;

/// <summary>Models and runs written for other programs, through the command line.</summary>
public class ExportVerbTests
{
    [Fact]
    public void A_run_exports_its_result_and_any_iteration_exactly()
    {
        using TempFolder temp = new();
        string model = TextModel.Create(temp["model"]);
        ToolResult trained = Tool.Call(
            "train", "countdown", "--model", model, "--output", temp["run"], "--iterations", "2", "--population", "4", "--prompts", "2", "--train-problems", "4", "--sigma", "0.1",
            "--learning-rate", "0.05", "--eval-problems", "2", "--max-new-tokens", "8", "--save-type", "bfloat16", "--task-option", "prompt={numbers}={target}", "--json");
        Assert.True(trained.Code == ExitCode.Done, trained.Error);

        // The result in float32 is the journal's, although the run stored it as bfloat16.
        Assert.Equal((ExitCode.Done, ""), Ends(Tool.Call("export", temp["run"], "--type", "f32", "--output", temp["hf"])));
        Assert.Equal(trained.Json.GetProperty("weights_sha256").GetString(), Sha256(temp["hf"]));
        Assert.Equal(File.ReadAllText(Path.Combine(temp["run"], "final", "README.md")), File.ReadAllText(Path.Combine(temp["hf"], "README.md")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(model, "tokenizer.json")), File.ReadAllBytes(Path.Combine(temp["hf"], "tokenizer.json")));

        Assert.Equal(ExitCode.Done, Tool.Call("export", temp["run"], "--type", "bf16", "--output", temp["bf16"]).Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(temp["run"], "final", "model.safetensors")), File.ReadAllBytes(Path.Combine(temp["bf16"], "model.safetensors")));

        Assert.Equal(ExitCode.Done, Tool.Call("export", temp["run"], "--iteration", "0", "--type", "f32", "--output", temp["base"]).Code);
        Assert.Equal(Sha256(model), Sha256(temp["base"]));
        Assert.Equal(ExitCode.Done, Tool.Call("export", temp["run"], "--iteration", "1", "--output", temp["one"]).Code);
        Assert.NotEqual(Sha256(temp["one"]), Sha256(temp["base"]));
        Assert.Contains("iteration 1", File.ReadAllText(Path.Combine(temp["one"], "README.md")));

        Assert.Equal(ExitCode.Done, Tool.Call("export", temp["run"], "--format", "gguf", "--type", "f32", "--output", temp["run.gguf"]).Code);
        GgufContent file = GgufContent.Read(File.ReadAllBytes(temp["run.gguf"]));
        using WeightTable weights = ModelDirectory.Open(temp["hf"]).LoadWeights();
        Assert.Equal(weights.Tensors.Count, file.Tensors.Count);
        Assert.Equal(weights["model.embed_tokens.weight"].Span.ToArray(), file.Tensors["token_embd.weight"].Values());

        Assert.Equal($"--iteration: the run {temp["run"]} has iterations up to 2, not 3.", Tool.Call("export", temp["run"], "--iteration", "3", "--output", temp["no"]).Sentence);
        Assert.False(Path.Exists(temp["no"]));
    }

    [Fact]
    public void The_bundled_model_goes_into_a_gguf_file_with_every_token_and_tensor()
    {
        using TempFolder temp = new();
        string model = BundledModel.Locate();
        ToolResult result = Tool.Call("export", model, "--format", "gguf", "--output", temp["mini.gguf"], "--json");
        Assert.Equal((ExitCode.Done, temp["mini.gguf"]), (result.Code, result.Json.GetProperty("output").GetString()));
        GgufContent file = GgufContent.Read(File.ReadAllBytes(temp["mini.gguf"]));
        using WeightTable weights = ModelDirectory.Open(model).LoadWeights();
        Assert.Equal(weights.Tensors.Count, file.Tensors.Count);
        Assert.Equal(weights["model.layers.0.mlp.up_proj.weight"].Span.ToArray(), file.Tensors["blk.0.ffn_up.weight"].Values()); // stored as bfloat16 in both
        JsonElement tokenizer = JsonElement.Parse(File.ReadAllText(Path.Combine(model, "tokenizer.json")));
        Assert.Equal(ModelDirectory.Open(model).Spec.VocabularySize, ((object[])file.Keys["tokenizer.ggml.tokens"]).Length);
        Assert.Equal(tokenizer.GetProperty("model").GetProperty("merges").GetArrayLength(), ((object[])file.Keys["tokenizer.ggml.merges"]).Length);
        Assert.Contains("</think>\n", (object[])file.Keys["tokenizer.ggml.tokens"]);
    }

    [Theory]
    [InlineData("--type: q8_0 is a type of GGUF files; add --format gguf, or choose f32, f16 or bf16.", "--type", "q8_0")]
    [InlineData("--iteration: 'MODEL' is not a run; leave it out, or give a run's folder.", "--iteration", "1")]
    [InlineData("MODEL: --output exists already; choose another name, or remove it first.", "--output", "MODEL")]
    [InlineData("--format: there is no 'ggfu'. Did you mean 'gguf'?", "--format", "ggfu")]
    public void Wrong_wishes_are_one_sentence(string sentence, params string[] flags)
    {
        using TempFolder temp = new();
        string model = temp["m"];
        TinyModel.Create(model);
        ToolResult result = Tool.Call(["export", model, .. flags.Select(f => f == "MODEL" ? model : f)]);
        Assert.Equal((ExitCode.BadInput, sentence.Replace("MODEL", model, StringComparison.Ordinal)), (result.Code, result.Sentence));
    }

    private static (int, string) Ends(ToolResult result) => (result.Code, result.Error);

    private static string? Sha256(string model) => Tool.Call("inspect", "--model", model, "--json").Json.GetProperty("weights_sha256").GetString();
}
