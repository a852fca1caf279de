using Evolute.Tests.Cli;

namespace Evolute.Tests.EndToEnd;

/// <summary>Wrong flags, settings and names end a verb before it does anything.</summary>
public class BadUsageTests
{
    [Theory]
    [InlineData("There is no verb 'trian'. Did you mean 'train'?", "trian", "countdown")]
    [InlineData("There is no task 'countdwn'. Did you mean 'countdown'?", "train", "countdwn")]
    [InlineData("There is no task 'countdwn'. Did you mean 'countdown'?", "eval", "countdwn")]
    [InlineData("'evolute train' has no flag '--populaton'. Did you mean '--population'? 'evolute train --help' lists them.", "train", "countdown", "--populaton", "4")]
    [InlineData("--sigma must be above 0 and at most 1e6; it is 0.", "train", "countdown", "--sigma", "0")]
    [InlineData("--sigma must be above 0 and at most 1e6; it is -0.1.", "train", "countdown", "--sigma", "-0.1")]
    [InlineData("--sigma must be above 0 and at most 1e6; it is 1E-50.", "train", "countdown", "--sigma", "1e-50")]
    [InlineData("--sigma: 'NaN' is not a finite number.", "train", "countdown", "--sigma", "NaN")]
    [InlineData("--sigma: '0,1' is not a number.", "train", "countdown", "--sigma", "0,1")]
    [InlineData("--learning-rate must be above 0 and at most 1e6; it is 0.", "train", "countdown", "--learning-rate", "0")]
    [InlineData("--population must be at least 2, since rewards are compared within it; it is 1.", "train", "countdown", "--population", "1")]
    [InlineData("--population: '-4' is not at least 0.", "train", "countdown", "--population", "-4")]
    [InlineData("--iterations must be at least 1; it is 0.", "train", "countdown", "--iterations", "0")]
    [InlineData("--train-problems must be at least --prompts (128); it is 5.", "train", "countdown", "--train-problems", "5", "--prompts", "128")]
    [InlineData("--schedule: there is no 'cosinus'. Did you mean 'cosine'?", "train", "countdown", "--schedule", "cosinus")]
    [InlineData("lower --max-new-tokens or shorten the prompt.", "train", "countdown", "--max-new-tokens", "100000")]
    [InlineData("lower --max-new-tokens or shorten the prompt.", "eval", "countdown", "--max-new-tokens", "100000")]
    [InlineData("--model: there is no folder './nowhere'; name a model's folder in Hugging Face layout, or a model of the hub as ORG/NAME.", "train", "countdown", "--model", "./nowhere")]
    [InlineData("--config: there is no file 'nowhere.yaml'.", "train", "countdown", "--config", "nowhere.yaml")]
    [InlineData("nowhere/journal.jsonl: there is no such file; give the folder of a run.", "replay", "nowhere")]
    public void Bad_usage_is_one_sentence_and_exit_code_2_and_leaves_nothing(string sentence, params string[] args)
    {
        using TempFolder temp = new();
        ToolResult result = Tool.Call(args is ["train", ..] ? [.. args, "--output", temp["run"]] : args);
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Contains(sentence, result.Sentence, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temp.Path));
    }

    [Theory]
    [InlineData("run.yaml", "sigmas: 0.1\n", ": there is no setting 'sigmas'. Did you mean 'sigma'?")]
    [InlineData("run.json", "{\"populations\": 4}", ": there is no setting 'populations'. Did you mean 'population'?")]
    [InlineData("run.yaml", "sigma: [\n", ", line ")]
    [InlineData("run.yaml", "sigma: 0\n", "--sigma must be above 0")]
    [InlineData("run.json", "{\"sigma\": \"a lot\"}", ": sigma: 'a lot' is not a number.")]
    public void Bad_settings_files_are_named(string name, string content, string sentence)
    {
        using TempFolder temp = new();
        File.WriteAllText(temp[name], content);
        ToolResult result = Tool.Call("train", "countdown", "--config", temp[name], "--output", temp["run"]);
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Contains(sentence, result.Sentence, StringComparison.Ordinal);
        Assert.False(Path.Exists(temp["run"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_that_exists_is_left_as_it_is(bool file)
    {
        using TempFolder temp = new();
        if (file) File.WriteAllText(temp["run"], "mine");
        else Directory.CreateDirectory(temp["run"]);
        IReadOnlyList<string> before = Folders.State(temp.Path);
        ToolResult result = Tool.Call(new TinyRun().Train(temp["run"]));
        Assert.Equal((2, $"{temp["run"]}: --output exists already; choose another folder, or go on with that run by --resume."), (result.Code, result.Sentence));
        Assert.Equal(before, Folders.State(temp.Path));
    }

    [Fact]
    public void An_output_without_a_name_is_none() =>
        Assert.Equal("A folder to be written needs a name, and an empty text is none.", Tool.Call(new TinyRun().Train("")).Sentence);

    [Fact]
    public void An_output_below_a_file_is_named()
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["file"], "mine");
        ToolResult result = Tool.Call(new TinyRun().Train(Path.Combine(temp["file"], "run")));
        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.StartsWith(Path.Combine(temp["file"], "run") + ": ", result.Sentence, StringComparison.Ordinal);
    }
}
