using System.Text.Json;
using System.Text.Json.Nodes;
using Evolute.Cli;
using Evolute.Models.Hub;
using Evolute.Tasks;
using Evolute.Tasks.Data;
using Evolute.Tests.Cli;
using Parquet.Serialization;

namespace Evolute.Tests.Models.Hub;

/// <summary>Datasets of a hub on loopback.</summary>
public sealed class HubDatasetTests : IDisposable
{
    private const string File1 = "main/train-0.jsonl";

    private readonly TestHub _hub = new();
    private readonly TempFolder _temp = new();
    private readonly Dictionary<string, byte[]> _files = new()
    {
        [File1] = Rows(0, 40),
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

    [Theory]
    [InlineData("acme/rows:data/train", "")]
    [InlineData("acme/rows:data", "")]
    [InlineData("acme/rows", "-0123456789abcdef")]
    public void Shards_are_fetched_and_read_in_order_as_one_dataset(string id, string hash)
    {
        string[] names = Shards("data/train", 3, hash);
        if (id != "acme/rows") _files["en/test-00000-of-00001.jsonl"] = Rows(100, 2);
        string path = Fetch(id);
        Assert.Equal(Path.Combine(Folder, "snapshots", TestHub.Commit, $"data/train-*-of-00003{(hash.Length > 0 ? "-*" : "")}.jsonl"), path);
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["test-dataset"] = path });
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), task.Problems(TaskSplit.Test, 30, 1).Select(p => p.Prompt));
        Assert.Equal(Path.Combine(Folder, "snapshots", TestHub.Commit, names[1]) + ", row 1", task.Problems(TaskSplit.Test, 30, 1)[10].Id);
        int before = _hub.Server.Requests.Count;
        Assert.Equal(path, Fetch(id));
        Assert.Equal(path, Fetch(id, offline: true));
        Assert.Equal(path, Fetch($"acme/rows@{TestHub.Commit}:data/train"));
        Assert.Equal(before + 1, _hub.Server.Requests.Count);
        File.Delete(Path.Combine(Folder, "snapshots", TestHub.Commit, names[2]));
        Assert.Contains("is not in the cache", Refused(id, offline: true));
        Assert.Equal(path, Fetch(id));
    }

    [Fact]
    public async Task Parquet_shards_of_a_configuration_are_one_dataset()
    {
        _files.Clear();
        for (int i = 0; i < 3; i++)
        {
            using MemoryStream bytes = new();
            await ParquetSerializer.SerializeAsync(Enumerable.Range(10 * i, 10).Select(n => new ShardRow { prompt = $"{n}", answer = "1" }), bytes, cancellationToken: TestContext.Current.CancellationToken);
            _files[$"en/train-{i:D5}-of-00003.parquet"] = bytes.ToArray();
            _files[$"de/train-{i:D5}-of-00003.parquet"] = [1];
        }
        TuningTask task = TaskCatalog.Create("jsonl", new JsonObject { ["test-dataset"] = Fetch("acme/rows:en") });
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), task.Problems(TaskSplit.Test, 30, 1).Select(p => p.Prompt));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Folder, "blobs")).Length);
    }

    // Names as they stand in files.
#pragma warning disable IDE1006
    internal sealed class ShardRow
    {
        public string prompt { get; set; } = "";
        public string answer { get; set; } = "";
    }
#pragma warning restore IDE1006

    [Fact]
    public void A_shard_or_the_only_one_can_be_named()
    {
        string[] names = Shards("data/train", 2);
        _files["en/test-00000-of-00001.jsonl"] = Rows(100, 2);
        Assert.EndsWith(names[1], Fetch($"acme/rows:{names[1]}"), StringComparison.Ordinal);
        foreach (string only in (string[])["en/test-00000-of-00001.jsonl", "en/test", "en"]) Assert.EndsWith("en/test-00000-of-00001.jsonl", Fetch($"acme/rows:{only}"), StringComparison.Ordinal);
        // One shard in the cache is not the dataset.
        Assert.Contains("is not in the cache", Refused("acme/rows:data/train", offline: true));
    }

    [Fact]
    public void Sets_of_shards_are_told_apart_in_a_sentence()
    {
        Shards("data/train", 3);
        Shards("data/test", 2);
        Assert.Equal("acme/rows@main: the dataset has 2 sets of files, so name one as acme/rows:FILE. There is: 'data/test', 'data/train'.", Refused("acme/rows"));
        Assert.Equal("acme/rows@main: the folder 'data' has 2 sets of files, so name one as acme/rows:FILE. There is: 'data/test', 'data/train'.", Refused("acme/rows:data"));
        Assert.Equal("acme/rows@main: the dataset has no file 'data/t'. There is: 'data/test', 'data/train'.", Refused("acme/rows:data/t"));
        _files.Remove("data/train-00001-of-00003.jsonl");
        Assert.Equal("acme/rows@main: the dataset lacks the shard 'data/train-00001-of-00003.jsonl'; name one of those that it has, or ask who published it.", Refused("acme/rows:data/train"));
    }

    [Fact]
    public void The_tool_trains_on_shards_and_knows_them_again()
    {
        Shards("data/train", 3);
        Dictionary<string, string> variables = new() { ["HF_ENDPOINT"] = _hub.Server.Address.AbsoluteUri, ["HF_HUB_CACHE"] = _hub.Cache, ["HF_TOKEN"] = "", ["HF_HUB_OFFLINE"] = "" };
        string run = _temp["run"], snapshot = Path.Combine(Folder, "snapshots", TestHub.Commit, "data");
        ToolResult begun = Tool.RunWith(variables, "", "train", "jsonl", "--model", TextModel.Create(_temp["model"]), "--dataset", "acme/rows:data/train", "--population", "2", "--max-new-tokens", "4", "--output", run, "--iterations", "1");
        Assert.True(begun.Code == ExitCode.Done, begun.Error);
        string[] resume = ["train", "jsonl", "--resume", "--output", run, "--iterations", "2"];
        // The same shards elsewhere, by a pattern of files.
        string elsewhere = Directory.CreateDirectory(_temp["elsewhere"]).FullName;
        foreach (string file in Directory.GetFiles(snapshot)) File.Copy(file, Path.Combine(elsewhere, Path.GetFileName(file)));
        ToolResult resumed = Tool.RunWith(variables, "", [.. resume, "--dataset", Path.Combine(elsewhere, "train-*-of-00003.jsonl")]);
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        string last = Path.Combine(elsewhere, "train-00002-of-00003.jsonl");
        File.AppendAllText(last, "\n");
        Assert.Contains("train-*-of-00003.jsonl: the dataset has changed since the run was begun", Tool.Call(resume).LastLine, StringComparison.Ordinal);
        File.Delete(last);
        Assert.EndsWith("train-*-of-00003.jsonl: the shard train-00002-of-00003.jsonl is not there; bring it, or name the files that are.", Tool.Call(resume).LastLine, StringComparison.Ordinal);
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

    /// <summary>Replaces the only file by shards of ten rows each, listed in no order.</summary>
    private string[] Shards(string stem, int count, string hash = "")
    {
        _files.Remove(File1);
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{stem}-{i:D5}-of-{count:D5}{hash}.jsonl")];
        foreach (int i in Enumerable.Range(0, count).Reverse()) _files[names[i]] = Rows(10 * i, 10);
        return names;
    }

    private static byte[] Rows(int first, int count) =>
        [.. Enumerable.Range(first, count).SelectMany(i => JsonSerializer.SerializeToUtf8Bytes(new { prompt = $"{i}", answer = "1" }).Append((byte)'\n'))];

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
