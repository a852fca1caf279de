using System.Text.Json;
using Evolute.Cli;
using Evolute.Tests.Models.Hub;

namespace Evolute.Tests.Cli;

/// <summary>Models of a hub through the command line.</summary>
public class DownloadVerbTests
{
    [Fact]
    public void A_model_is_fetched_trained_resumed_and_replayed_and_its_commit_is_recorded()
    {
        using TempFolder temp = new();
        using TestHub hub = TextHub(temp);
        Dictionary<string, string> variables = Variables(hub);
        ToolResult fetched = Tool.RunWith(variables, "", "download", TestHub.Model, "--json");
        Assert.Equal((ExitCode.Done, hub.Snapshot), (fetched.Code, fetched.Json.GetProperty("folder").GetString()));
        Assert.Equal(TestHub.Commit, fetched.Json.GetProperty("commit").GetString());

        string[] train =
        [
            "train", "countdown", "--model", TestHub.Model, "--output", temp["run"], "--iterations", "1", "--population", "2", "--prompts", "1", "--train-problems", "2",
            "--eval-problems", "1", "--max-new-tokens", "4", "--task-option", "prompt={numbers}={target}",
        ];
        ToolResult trained = Tool.RunWith(variables, "", train);
        Assert.True(trained.Code == ExitCode.Done, trained.Error);
        JsonElement settings = JsonElement.Parse(File.ReadAllText(Path.Combine(temp["run"], "settings.json")));
        Assert.Equal($"{TestHub.Model}@{TestHub.Commit}", settings.GetProperty("hub-model").GetString());
        Assert.Equal(hub.Snapshot, settings.GetProperty("model").GetString());
        Assert.Contains($"base model: `{TestHub.Model}@{TestHub.Commit}`", File.ReadAllText(Path.Combine(temp["run"], "final", "README.md")));

        variables["HF_HUB_OFFLINE"] = "1";
        Assert.Equal(ExitCode.Done, Tool.RunWith(variables, "", "replay", temp["run"], "--model", $"{TestHub.Model}@{TestHub.Commit}").Code);
        Directory.Delete(hub.ModelFolder, recursive: true);
        ToolResult gone = Tool.RunWith(variables, "", "replay", temp["run"]);
        Assert.Equal((ExitCode.BadInput, $"{hub.Snapshot}: the base model is not in the cache any more; 'evolute download {TestHub.Model}@{TestHub.Commit}' brings it back."), (gone.Code, gone.Sentence));
    }

    [Fact]
    public void What_is_neither_folder_nor_model_is_one_sentence_and_the_token_is_nowhere()
    {
        using TestHub hub = new();
        ToolResult result = Tool.RunWith(Variables(hub), "", "inspect", "--model", "models/typo");
        Assert.Equal(ExitCode.BadInput, result.Code);
        Assert.StartsWith($"--model: there is no folder 'models/typo', and as a model of the hub: models/typo: there is no such model at 127.0.0.1:{hub.Server.Port}, or it is private", result.Sentence);
        hub.Faults = request => new HttpAnswer(418) { Headers = { ["X-Error-Message"] = request.Authorization ?? "" } };
        Dictionary<string, string> traced = Variables(hub);
        traced[EvoluteTool.TraceVariable] = "1";
        ToolResult trace = Tool.RunWith(traced, "", "download", TestHub.Model);
        Assert.Equal(ExitCode.Failed, trace.Code);
        Assert.Contains("   at Evolute.", trace.Error);
        Assert.DoesNotContain(TestHub.Secret, trace.Error + trace.Out + result.Error);
        Assert.Equal($"'nonsense' is not a model of the hub; write ORG/NAME or ORG/NAME@REVISION.", Tool.Call("download", "nonsense").Sentence);
    }

    private static Dictionary<string, string> Variables(TestHub hub) => new()
    {
        ["HF_ENDPOINT"] = hub.Server.Address.AbsoluteUri,
        ["HF_HUB_CACHE"] = hub.Cache,
        ["HF_TOKEN"] = TestHub.Secret,
        ["HF_HUB_OFFLINE"] = "",
    };

    private static TestHub TextHub(TempFolder temp)
    {
        TestHub hub = new();
        hub.Files.Clear();
        foreach (string file in Directory.GetFiles(TextModel.Create(temp["source"]))) hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        return hub;
    }
}
