using System.Text;
using System.Text.Json;
using Evolute.Models;
using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

/// <summary>Names that a hostile hub, repository or command line gives: none becomes a path outside the cache.</summary>
public class HubHostileTests
{
    private static readonly string[] Names =
    [
        "../../../outside", "..\\..\\outside", "/etc/passwd", "C:\\outside", "\\\\host\\share\\x", "a/../../../outside", "%2e%2e/%2e%2e/outside", "..%2foutside",
        "outside\0.safetensors", "../config.json", "./config.json", "sub/model.safetensors", "config.json/../../../outside", "~/outside", "NUL", "config.json\n", "",
    ];

    [Fact]
    public void Names_in_the_list_of_files_are_only_looked_up()
    {
        using TestHub hub = new();
        foreach (string name in Names) hub.Files[name] = [1];
        // 10,000 more, put together from the same parts.
        string[] parts = [.. Names, "..", "/", "\\", "%2e", "%2f", "config.json", "tokenizer.json", ".safetensors", "\0", "outside"];
        Random random = new(11);
        for (int i = 0; i < 10_000; i++)
        {
            string name = string.Concat(random.GetItems(parts, random.Next(2, 6)));
            hub.Files.TryAdd(name + (ModelFiles.Companions.Contains(name) || name is "config.json" ? "x" : ""), [1]);
        }
        hub.Files.Remove("README.md");
        string folder = hub.Fetch();
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(hub.Server.Requests, r => Assert.DoesNotContain("outside", r.Path));
        AssertNothingOutside(hub);
    }

    [Fact]
    public void Names_of_shards_are_plain_or_refused()
    {
        foreach (string name in Names.Concat(["..safetensors/x.safetensors", "../x.safetensors", "%2e%2e%2fx.safetensors", "x\0.safetensors", "/x.safetensors", "a\\x.safetensors", ".x.safetensors", "x.bin"]))
        {
            using TestHub hub = new();
            hub.Files.Remove("model.safetensors");
            hub.Files[name] = [1];
            hub.Files["model.safetensors.index.json"] = JsonSerializer.SerializeToUtf8Bytes(new { weight_map = new Dictionary<string, string> { ["a"] = name } });
            Assert.Contains("is not a name for a shard", Assert.Throws<EvoluteInputException>(() => hub.Fetch()).Message);
            AssertNothingOutside(hub);
        }
    }

    [Fact]
    public void A_shard_that_is_not_in_the_repository_is_named()
    {
        using TestHub hub = new();
        hub.Files.Remove("model.safetensors");
        hub.Files["model.safetensors.index.json"] = """{"weight_map":{"a":"absent.safetensors"}}"""u8.ToArray();
        Assert.Contains("lacks 'absent.safetensors'", Assert.Throws<EvoluteInputException>(() => hub.Fetch()).Message);
    }

    [Theory]
    [InlineData("../../../../outside")]
    [InlineData("0123456789abcdef")]
    [InlineData("/0123456789012345678901234567890123456789")]
    [InlineData("..2345678901234567890123456789012345678/")]
    [InlineData("")]
    public void A_hash_that_is_none_becomes_no_path(string tag)
    {
        using TestHub hub = new();
        hub.Faults = request => request.Method == "HEAD" ? new HttpAnswer(200) { Headers = { ["ETag"] = $"\"{tag}\"" } } : null;
        Assert.Equal("acme/tiny@main: the hub does not give the hash of config.json, so the file cannot be proved; check HF_ENDPOINT.", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
        AssertNothingOutside(hub);
    }

    [Theory]
    [InlineData("""{"sha":"../../../../../../../outside/outside/outsid","siblings":[]}""")]
    [InlineData("""{"sha":"main","siblings":[]}""")]
    [InlineData("""{"siblings":[]}""")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567"}""")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[1]}""")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"rfilename":"\ud800"}]}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public void A_list_that_is_none_is_refused(string json)
    {
        using TestHub hub = new();
        hub.Faults = request => new HttpAnswer(200) { Body = Encoding.UTF8.GetBytes(json) };
        Assert.EndsWith("check HF_ENDPOINT.", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
        AssertNothingOutside(hub);
    }

    [Fact]
    public void A_list_without_end_is_cut_off()
    {
        using TestHub hub = new();
        byte[] body = [.. "1100000\r\n"u8, .. new byte[0x1100000], .. "\r\n"u8];
        hub.Faults = request => new HttpAnswer(200) { Body = body, Headers = { ["Transfer-Encoding"] = "chunked" }, Stalls = true };
        Assert.Contains("is larger than 16777216 bytes", Assert.Throws<EvoluteFaultException>(() => hub.Fetch()).Message);
    }

    [Fact]
    public void A_small_file_of_absurd_size_is_not_fetched()
    {
        using TestHub hub = new();
        hub.Faults = request => request.Method == "HEAD" ? new HttpAnswer(200) { Headers = { ["ETag"] = $"\"{new string('a', 64)}\"", ["X-Linked-Size"] = "10000000000" } } : null;
        Assert.Contains("config.json has 10000000000 bytes", Assert.Throws<EvoluteInputException>(() => hub.Fetch()).Message);
    }

    [Theory]
    [InlineData("acme/tiny", "acme", "tiny", "main")]
    [InlineData("Qwen/Qwen2.5-0.5B-Instruct", "Qwen", "Qwen2.5-0.5B-Instruct", "main")]
    [InlineData("a_b/c.d@refs/pr/1", "a_b", "c.d", "refs/pr/1")]
    [InlineData("a/b@v1.0-rc+1", "a", "b", "v1.0-rc+1")]
    public void Ids_are_read(string text, string organization, string name, string revision) =>
        Assert.Equal(new HubModelId(organization, name, revision), HubModelId.Parse(text));

    [Theory]
    [InlineData("tiny")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("./b")]
    [InlineData("a/.b")]
    [InlineData("a/b.")]
    [InlineData("a/b-")]
    [InlineData("a--b/c")]
    [InlineData("a/b..c")]
    [InlineData("/b")]
    [InlineData("a/")]
    [InlineData("a\\b/c")]
    [InlineData("a/b c")]
    [InlineData("a/b\0")]
    [InlineData("a/b\n")]
    [InlineData("a/b%2e")]
    [InlineData("a/b?x")]
    [InlineData("a/b#x")]
    [InlineData("a/b@")]
    [InlineData("a/b@..")]
    [InlineData("a/b@../x")]
    [InlineData("a/b@x/../y")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x/")]
    [InlineData("a/b@x//y")]
    [InlineData("a/b@.x")]
    [InlineData("a/b@x.lock")]
    [InlineData("a/b@x%2f")]
    [InlineData("a/b@x\\y")]
    [InlineData("a/b@x@y")]
    [InlineData("ä/b")]
    public void What_is_no_id_is_refused(string text) => Assert.Throws<EvoluteInputException>(() => HubModelId.Parse(text));

    [Fact]
    public void Settings_come_from_the_standard_variables()
    {
        using TempFolder temp = new();
        Dictionary<string, string> variables = new() { ["HF_HOME"] = temp.Path };
        HubSettings Read() => HubSettings.From(variables.GetValueOrDefault);
        Assert.Equal((new Uri(HubSettings.DefaultEndpoint), temp["hub"], false), (Read().Endpoint, Read().CacheFolder, Read().Offline));
        Assert.Null(Read().Token);
        File.WriteAllText(temp["token"], "hf_file\n");
        Assert.Equal("Bearer hf_file", Read().Token!.HeaderValue);
        variables["HF_TOKEN"] = " hf_variable ";
        (variables["HF_HUB_CACHE"], variables["HF_ENDPOINT"], variables["HF_HUB_OFFLINE"]) = (temp["other"], "http://127.0.0.1:9/mirror/", "true");
        Assert.Equal("Bearer hf_variable", Read().Token!.HeaderValue);
        Assert.Equal((new Uri("http://127.0.0.1:9/mirror"), temp["other"], true), (Read().Endpoint, Read().CacheFolder, Read().Offline));
        foreach (string wrong in (string[])["hub.example", "ftp://hub.example", "https://name:secret@hub.example", "https://hub.example/?x=secret", "https://"])
        {
            variables["HF_ENDPOINT"] = wrong;
            string sentence = Assert.Throws<EvoluteInputException>(Read).Message;
            Assert.StartsWith("HF_ENDPOINT is not an address like https://", sentence);
            Assert.DoesNotContain("secret", sentence);
        }
    }

    private static void AssertNothingOutside(TestHub hub)
    {
        // The cache's parent is the test's own folder, which holds nothing else.
        Assert.All(Directory.GetFileSystemEntries(Path.GetDirectoryName(hub.Cache)!), entry => Assert.Equal(hub.Cache, entry));
        if (!Directory.Exists(hub.Cache)) return;
        Assert.DoesNotContain(Directory.GetFileSystemEntries(hub.Cache, "*outside*", SearchOption.AllDirectories), _ => true);
        Assert.All(Directory.GetDirectories(hub.Cache), entry => Assert.Contains(Path.GetFileName(entry), (string[])["models--acme--tiny", ".locks"]));
    }
}
