using System.Text.Json;
using Evolute.Cli;
using Evolute.Models.Hub;
using Evolute.Tasks.Data;
using Evolute.Tests.Cli;

namespace Evolute.Tests.Models.Hub;

/// <summary>Datasets of a hub on loopback.</summary>
public sealed class HubDatasetTests : IDisposable
{
    private const string File1 = "main/train-0.jsonl";

    private readonly TestHub _hub = new();
    private readonly TempFolder _temp = new();
    private readonly Dictionary<string, byte[]> _files = new()
    {
        [File1] = [.. Enumerable.Range(0, 40).SelectMany(i => JsonSerializer.SerializeToUtf8Bytes(new { prompt = $"{i}", answer = "1" }).Append((byte)'\n'))],
        ["README.md"] = "# Rows"u8.ToArray(),
    };

    public HubDatasetTests() => _hub.Faults = Answer;

    public void Dispose()
    {
        _hub.Dispose();
        _temp.Dispose();
    }

    private string Folder => Path.Combine(_hub.Cache, "datasets--acme--rows");

    [Theory]
    [InlineData("acme/rows")]
    [InlineData($"acme/rows:{File1}")]
    [InlineData($"acme/rows@v1:{File1}")]
    public void A_file_lands_in_the_standard_layout(string id)
    {
        string path = Fetch(id);
        Assert.Equal(Path.Combine(Folder, "snapshots", TestHub.Commit, File1), path);
        Assert.Equal(_files[File1], File.ReadAllBytes(path));
        Assert.Equal($"../../../blobs/{TestHub.HashOf(File1, _files[File1])}", new FileInfo(path).LinkTarget!.Replace('\\', '/'));
        int before = _hub.Server.Requests.Count;
        Assert.Equal(path, Fetch(id));
        Assert.Equal(path, Fetch(id, offline: true));
        Assert.Equal(path, Fetch($"acme/rows@{TestHub.Commit}:{File1}"));
        Assert.Equal(before + 1, _hub.Server.Requests.Count);
    }

    [Fact]
    public void What_is_not_there_is_one_sentence()
    {
        Assert.Equal($"HF_HUB_OFFLINE is set and the dataset acme/rows@main is not in the cache at {_hub.Cache}; unset it and run this once.", Refused("acme/rows", offline: true));
        Assert.Equal($"acme/rows@main: the dataset has no file 'x.jsonl'. There is: '{File1}'.", Refused("acme/rows:x.jsonl"));
        _files["test.parquet"] = [1];
        Assert.Equal($"acme/rows@main: the dataset has 2 files, so name one as acme/rows:FILE. There is: '{File1}', 'test.parquet'.", Refused("acme/rows"));
        _files.Clear();
        Assert.Equal("acme/rows@main: the dataset has no JSONL, JSON or Parquet file; name another.", Refused("acme/rows"));
        Assert.StartsWith("acme/none: there is no such dataset at 127.0.0.1", Refused("acme/none"));
    }

    [Fact]
    public void A_file_that_is_not_what_the_hub_says_is_not_kept()
    {
        byte[] other = [.. _files[File1]];
        other[5] ^= 1;
        _hub.Faults = request => request.Method == "GET" && request.Path.EndsWith(".jsonl", StringComparison.Ordinal) ? new HttpAnswer(200) { Body = other } : Answer(request);
        Assert.Contains("has not the hash", Assert.Throws<EvoluteFaultException>(() => Fetch("acme/rows")).Message);
        Assert.Empty(Directory.GetFiles(Path.Combine(Folder, "blobs")));
    }

    [Fact]
    public void A_download_that_broke_off_goes_on_where_it_was()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "blobs"));
        File.WriteAllBytes(Path.Combine(Folder, "blobs", TestHub.HashOf(File1, _files[File1]) + ".incomplete"), _files[File1][..100]);
        Assert.Equal(_files[File1], File.ReadAllBytes(Fetch("acme/rows")));
        Assert.Contains(_hub.Server.Requests, r => r.Offset == 100);
    }

    [Fact]
    public void A_hostile_listing_offers_no_file_outside()
    {
        _files.Clear();
        _files["../../../evil.jsonl"] = [1];
        Assert.Contains("no JSONL, JSON or Parquet file", Refused("acme/rows"));
    }

    [Fact]
    public void The_tool_trains_on_a_dataset_of_the_hub_and_goes_on_without_it()
    {
        Dictionary<string, string> variables = new() { ["HF_ENDPOINT"] = _hub.Server.Address.AbsoluteUri, ["HF_HUB_CACHE"] = _hub.Cache, ["HF_TOKEN"] = "", ["HF_HUB_OFFLINE"] = "" };
        string run = _temp["run"], model = TextModel.Create(_temp["model"]);
        string[] train = ["train", "jsonl", "--model", model, "--dataset", "acme/rows", "--population", "2", "--max-new-tokens", "4", "--output", run, "--iterations"];
        ToolResult begun = Tool.RunWith(variables, "", [.. train, "1"]);
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        variables["HF_HUB_OFFLINE"] = "1";
        ToolResult resumed = Tool.RunWith(variables, "", "train", "jsonl", "--resume", "--output", run, "--iterations", "2");
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        variables["HF_HUB_OFFLINE"] = "";
        ToolResult none = Tool.RunWith(variables, "", "eval", "jsonl", "--model", model, "--dataset", "acme/none");
        Assert.Equal(ExitCode.BadInput, none.Code);
        Assert.StartsWith("--dataset: there is no file 'acme/none', and as a dataset of the hub: acme/none: there is no such dataset at ", none.Sentence);
    }

    private string Refused(string id, bool offline = false) => Assert.Throws<EvoluteInputException>(() => Fetch(id, offline)).Message;

    private string Fetch(string text, bool offline = false)
    {
        Assert.True(HubDatasetId.TryParse(text, out HubDatasetId? id));
        using HubDatasetDownload download = new(_hub.Settings(offline), id, DatasetRows.IsData, _hub.Notes.Add, _hub.Transfer);
        HubDatasetPlan plan = download.Plan(_hub.Stop);
        download.Fetch(plan, _ => { }, _hub.Stop);
        return plan.Path;
    }

    private HttpAnswer? Answer(HttpRequest request)
    {
        if (request.Path.StartsWith("/api/datasets/acme/rows/revision/", StringComparison.Ordinal))
            return new HttpAnswer(200) { Body = JsonSerializer.SerializeToUtf8Bytes(new { sha = TestHub.Commit, siblings = _files.Keys.Select(f => new { rfilename = f }) }) };
        const string resolve = $"/datasets/acme/rows/resolve/{TestHub.Commit}/";
        if (!request.Path.StartsWith(resolve, StringComparison.Ordinal)) return null;
        string name = Uri.UnescapeDataString(request.Path[resolve.Length..]);
        return _files.TryGetValue(name, out byte[]? content) ? TestHub.Content(request, name, content) : null;
    }
}
