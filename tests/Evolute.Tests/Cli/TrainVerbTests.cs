using System.Text.Json;
using Evolute.Cli;

namespace Evolute.Tests.Cli;

/// <summary>Training, measuring and replaying through the command line, with a tiny model made on the spot.</summary>
public sealed class TrainVerbTests : IDisposable
{
    private const string Prompt = "prompt={numbers}={target}:";

    private readonly TempFolder _temp = new();
    private readonly string _model;
    private readonly string[] _train;

    public TrainVerbTests()
    {
        _model = TextModel.Create(_temp["model"]);
        _train =
        [
            "train", "countdown", "--model", _model, "--task-option", Prompt, "--max-new-tokens", "8", "--population", "6", "--sigma", "0.2",
            "--train-problems", "8", "--prompts", "4", "--iterations", "6", "--eval-problems", "10", "--eval-every", "2", "--json",
        ];
    }

    [Fact]
    public void An_interruption_while_the_model_is_loaded_leaves_no_folder()
    {
        ToolResult result = Tool.CallWith("", new CancellationToken(canceled: true), "train", "countdown", "--model", _model, "--task-option", Prompt, "--max-new-tokens", "8", "--output", _temp["none"]);
        Assert.Equal((ExitCode.Interrupted, "Interrupted.", false), (result.Code, result.Sentence, Directory.Exists(_temp["none"])));
    }

    [Fact]
    public void A_run_can_be_replayed_measured_and_generated_from()
    {
        ToolResult trained = Tool.Run([.. _train, "--output", _temp["run"]]);
        Assert.Equal(ExitCode.Done, trained.Code);
        JsonElement json = trained.Json;
        string sha = json.GetProperty("weights_sha256").GetString()!;
        Assert.Equal((_temp["run"], 6), (json.GetProperty("run").GetString(), json.GetProperty("iterations").GetInt32()));
        Assert.InRange(json.GetProperty("base").GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.InRange(json.GetProperty("final").GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.Contains(" 6/6 ", trained.Error);
        Assert.NotEqual(sha, Sha(_model));

        ToolResult replayed = Tool.Call("replay", _temp["run"], "--json", "--threads", "1", "--output", _temp["rebuilt"]);
        Assert.Equal(ExitCode.Done, replayed.Code);
        Assert.Equal(Sha(_temp["rebuilt"]), replayed.Json.GetProperty("weights_sha256").GetString());
        Assert.Equal(sha, Sha(Path.Combine(_temp["run"], "final")));

        ToolResult measured = Tool.Call("eval", "countdown", "--model", Path.Combine(_temp["run"], "final"), "--task-option", Prompt, "--max-new-tokens", "8", "--eval-problems", "10", "--json");
        Assert.Equal(("countdown", "test", 10), (measured.Json.GetProperty("task").GetString(), measured.Json.GetProperty("split").GetString(), measured.Json.GetProperty("n").GetInt32()));
        Assert.Equal(json.GetProperty("final").GetProperty("reward_mean").GetDouble(), measured.Json.GetProperty("reward_mean").GetDouble());
        Assert.Equal(ExitCode.Done, Tool.Call("generate", "--model", Path.Combine(_temp["run"], "final"), "--prompt", "1 2 3=6:", "--max-new-tokens", "8").Code);
    }

    [Fact]
    public void An_interrupted_run_goes_on_to_the_bits_of_the_uninterrupted_one()
    {
        string whole = Tool.Call([.. _train, "--output", _temp["whole"]]).Json.GetProperty("weights_sha256").GetString()!;
        using CancellationTokenSource interruption = new();
        using CancelAt error = new(interruption, " 3/6 ");
        ToolResult broken = Tool.CallWith("", error, interruption.Token, [.. _train, "--output", _temp["broken"], "--threads", "1"]);
        Assert.Equal((ExitCode.Interrupted, ""), (broken.Code, broken.Out));
        Assert.EndsWith("Interrupted.", broken.Error.TrimEnd());
        Assert.DoesNotContain(" 6/6 ", broken.Error);

        ToolResult resumed = Tool.Call("train", "countdown", "--resume", "--output", _temp["broken"], "--threads", "2", "--batch-size", "3", "--json");
        Assert.Equal((ExitCode.Done, whole), (resumed.Code, resumed.Json.GetProperty("weights_sha256").GetString()));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_temp["whole"], "journal.jsonl")), File.ReadAllBytes(Path.Combine(_temp["broken"], "journal.jsonl")));
    }

    [Fact]
    public void Settings_come_from_the_model_then_the_config_then_the_flags()
    {
        File.WriteAllText(Path.Combine(_model, "evolute.json"), """{"task":{"countdown":{"prompt":"{numbers}={target}:","max-number":9}},"train":{"sigma":0.3,"population":3,"prompts":2,"max-new-tokens":4}}""");
        File.WriteAllText(_temp["run.yaml"], "sigma: 0.2\niterations: 1\ntrain-problems: 2\neval-problems: 2\ntask-options:\n  max-count: 3\n");
        ToolResult result = Tool.Call("train", "countdown", "--model", _model, "--config", _temp["run.yaml"], "--prompts", "1", "--output", _temp["run"]);
        Assert.Equal(ExitCode.Done, result.Code);
        JsonElement settings = JsonElement.Parse(File.ReadAllText(Path.Combine(_temp["run"], "settings.json"))), evolution = settings.GetProperty("evolution");
        Assert.Equal((0.2, 3, 1), (evolution.GetProperty("sigma").GetDouble(), evolution.GetProperty("population").GetInt32(), evolution.GetProperty("prompts").GetInt32()));
        Assert.Equal("""{"prompt":"{numbers}={target}:","max-number":9,"max-count":3}""", JsonSerializer.Serialize(settings.GetProperty("task-options")));
        Assert.Contains($"From {_temp["run.yaml"]}: ", result.Error);
    }

    [Theory]
    [InlineData("There is no task 'countdwn'. Did you mean 'countdown'?", "train", "countdwn")]
    [InlineData("'evolute train' has no flag '--sigm'. Did you mean '--sigma'? 'evolute train --help' lists them.", "train", "countdown", "--sigm", "1")]
    [InlineData("--sigma: '0,5' is not a number.", "train", "countdown", "--sigma", "0,5")]
    [InlineData("--config: there is no file 'no.yaml'.", "train", "countdown", "--config", "no.yaml")]
    [InlineData("'evolute replay' wants a RUN: the run's folder.", "replay")]
    public void Bad_usage_is_one_sentence_and_exit_code_2(string sentence, params string[] args)
    {
        ToolResult result = Tool.Call(args);
        Assert.Equal((ExitCode.BadInput, sentence), (result.Code, result.Sentence));
    }

    public void Dispose() => _temp.Dispose();

    private static string Sha(string model) => Tool.Call("inspect", "--model", model, "--json").Json.GetProperty("weights_sha256").GetString()!;

    /// <summary>Interrupts once a text is written.</summary>
    private sealed class CancelAt(CancellationTokenSource interruption, string text) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true) interruption.Cancel();
        }
    }
}
