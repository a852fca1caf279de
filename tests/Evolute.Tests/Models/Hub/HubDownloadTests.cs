using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

/// <summary>What a download leaves in the cache, and what it asks for.</summary>
public class HubDownloadTests
{
    [Fact]
    public void Only_what_is_needed_lands_in_the_standard_layout()
    {
        using TestHub hub = new();
        Dictionary<string, long> received = [];
        Assert.Equal(hub.Snapshot, hub.Fetch(received: (file, bytes) => received[file] = received.GetValueOrDefault(file) + bytes));
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Directory.GetFiles(hub.Snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in (string[])["config.json", "model.safetensors", "tokenizer.json"])
        {
            string hash = TestHub.HashOf(name, hub.Files[name]);
            Assert.Equal(Path.Combine("..", "..", "blobs", hash), new FileInfo(Path.Combine(hub.Snapshot, name)).LinkTarget);
            Assert.Equal(hub.Files[name], File.ReadAllBytes(Path.Combine(hub.Snapshot, name)));
            Assert.True(File.Exists(Path.Combine(hub.Cache, ".locks", "models--acme--tiny", hash + ".lock")));
        }
        Assert.Equal(3, Directory.GetFiles(Path.Combine(hub.ModelFolder, "blobs")).Length);
        Assert.Equal(TestHub.Commit, File.ReadAllText(Path.Combine(hub.ModelFolder, "refs", "main")));
        Assert.Equal(new() { ["model.safetensors"] = 300_000 }, received);
    }

    [Fact]
    public void Shards_come_by_the_index()
    {
        using TestHub hub = new();
        hub.Files.Remove("model.safetensors");
        hub.Files["model.safetensors.index.json"] = """{"weight_map":{"b":"model-00002-of-00002.safetensors","a":"model-00001-of-00002.safetensors"}}"""u8.ToArray();
        hub.Files["model-00001-of-00002.safetensors"] = TestHub.Bytes(1000);
        hub.Files["model-00002-of-00002.safetensors"] = TestHub.Bytes(2000);
        hub.Files["model-00003-of-00002.safetensors"] = TestHub.Bytes(3000);
        string folder = hub.Fetch();
        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json", "tokenizer.json"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("acme/tiny@refs/pr/7", "refs%2Fpr%2F7")]
    [InlineData("acme/tiny@v1.0", "v1.0")]
    public void A_revision_is_one_part_of_the_address_and_is_remembered(string model, string asked)
    {
        using TestHub hub = new();
        hub.Fetch(model);
        Assert.Equal($"/api/models/acme/tiny/revision/{asked}", hub.Server.Requests[0].Path);
        Assert.Equal(TestHub.Commit, File.ReadAllText(Path.Combine(hub.ModelFolder, "refs", HubModelId.Parse(model).Revision)));
    }

    [Fact]
    public void A_second_download_asks_for_the_commit_only_and_a_pinned_one_for_nothing()
    {
        using TestHub hub = new();
        hub.Fetch();
        int before = hub.Server.Requests.Count;
        Assert.Equal(hub.Snapshot, hub.Fetch());
        Assert.Equal(before + 1, hub.Server.Requests.Count);
        Assert.Equal(hub.Snapshot, hub.Fetch($"{TestHub.Model}@{TestHub.Commit}"));
        Assert.Equal(before + 1, hub.Server.Requests.Count);
    }

    [Fact]
    public void Offline_uses_the_cache_and_says_what_it_lacks()
    {
        using TestHub hub = new();
        EvoluteInputException nothing = Assert.Throws<EvoluteInputException>(() => hub.Fetch(offline: true));
        Assert.Equal($"HF_HUB_OFFLINE is set and acme/tiny@main is not in the cache at {hub.Cache}; unset it and run 'evolute download acme/tiny@main' once.", nothing.Message);
        Assert.Empty(hub.Server.Requests);
        hub.Fetch();
        int before = hub.Server.Requests.Count;
        Assert.Equal(hub.Snapshot, hub.Fetch(offline: true));
        Assert.Equal(hub.Snapshot, hub.Fetch($"{TestHub.Model}@{TestHub.Commit}", offline: true));
        File.Delete(Path.Combine(hub.Snapshot, "model.safetensors"));
        Assert.Contains("lacks model.safetensors", Assert.Throws<EvoluteInputException>(() => hub.Fetch(offline: true)).Message);
        Assert.Equal(before, hub.Server.Requests.Count);
    }

    [Fact]
    public void Without_a_network_the_cache_is_used_with_a_note_or_one_sentence_says_so()
    {
        using TestHub hub = new();
        hub.Fetch();
        hub.Server.Dispose();
        Assert.Equal(hub.Snapshot, hub.Fetch());
        Assert.Contains(TestHub.Commit, Assert.Single(hub.Notes));
        Directory.Delete(hub.ModelFolder, recursive: true);
        EvoluteFaultException fault = Assert.ThrowsAny<EvoluteFaultException>(() => hub.Fetch());
        Assert.Equal($"127.0.0.1:{hub.Settings().Endpoint.Port} cannot be reached; check the network, or set HF_HUB_OFFLINE=1 to use only what is in the cache.", fault.Message);
    }

    [Fact]
    public void A_lock_held_by_another_process_is_waited_for()
    {
        using TestHub hub = new();
        string path = Path.Combine(hub.Cache, ".locks", "models--acme--tiny", TestHub.HashOf("model.safetensors", hub.Files["model.safetensors"]) + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStream held = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using HubDownload download = new(hub.Settings(), HubModelId.Parse(TestHub.Model), note =>
        {
            hub.Notes.Add(note);
            held.Dispose();
        }, hub.Transfer);
        download.Fetch(download.Plan(TestContext.Current.CancellationToken), (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Equal("Another process is fetching model.safetensors of acme/tiny@main; waiting for it.", Assert.Single(hub.Notes));
        Assert.True(File.Exists(Path.Combine(hub.Snapshot, "model.safetensors")));
    }

    [Theory]
    [InlineData(false, 404, "RepoNotFound", "acme/tiny: there is no such model at HOST, or it is private: check the name, or set HF_TOKEN to a token that may read it.")]
    [InlineData(false, 401, "RepoNotFound", "acme/tiny: there is no such model at HOST, or it is private: check the name, or set HF_TOKEN to a token that may read it.")]
    [InlineData(true, 404, "RepoNotFound", "acme/tiny: there is no such model at HOST, or it is private: check the name, or set HF_TOKEN to another token, as the one in use may not read it.")]
    [InlineData(true, 401, null, "acme/tiny: HOST does not accept the token; set HF_TOKEN to a valid one.")]
    [InlineData(false, 401, "GatedRepo", "acme/tiny: the model is gated; accept its terms at http://HOST/acme/tiny and set HF_TOKEN to a token of that account.")]
    [InlineData(true, 403, "GatedRepo", "acme/tiny: the model is gated; accept its terms at http://HOST/acme/tiny and set HF_TOKEN to a token of the account that did.")]
    [InlineData(true, 403, null, "acme/tiny: access is denied; the token in use may not read it: set HF_TOKEN to one that may.")]
    [InlineData(false, 404, "RevisionNotFound", "acme/tiny: the model has no revision 'main'; name a branch, a tag or a commit of it.")]
    public void Refusals_are_one_sentence(bool token, int status, string? code, string sentence)
    {
        using TestHub hub = new();
        // What a hostile server would have people read or see: its own words, and the token it was sent.
        hub.Faults = request => new HttpAnswer(status) { Headers = { [code is null ? "X-None" : "X-Error-Code"] = code ?? "", ["X-Error-Message"] = $"\u001b[31m{request.Authorization}" } };
        EvoluteInputException refusal = Assert.Throws<EvoluteInputException>(() => hub.Fetch(token: token));
        Assert.Equal(sentence.Replace("HOST", $"127.0.0.1:{hub.Server.Port}", StringComparison.Ordinal), refusal.Message);
        Assert.Single(hub.Server.Requests);
    }

    [Fact]
    public void A_model_without_safetensors_is_refused_before_anything_large_comes()
    {
        using TestHub hub = new();
        hub.Files.Remove("model.safetensors");
        Assert.Equal("acme/tiny@main: the repository has no safetensors weights, and no others are read; name a model that has.", Assert.Throws<EvoluteInputException>(() => hub.Fetch()).Message);
        Assert.DoesNotContain(hub.Server.Requests, r => r.Path.Contains(".bin", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_without_space_is_found_before_the_weights_come()
    {
        using TestHub hub = new();
        hub.Transfer = hub.Transfer with { FreeSpace = _ => 299_999 };
        Assert.Contains("needs 300000 more bytes and the disk has 299999", Assert.ThrowsAny<EvoluteFaultException>(() => hub.Fetch()).Message);
        Assert.DoesNotContain(hub.Server.Requests, r => r.Method == "GET" && r.Path.EndsWith("model.safetensors", StringComparison.Ordinal));
    }
}
