using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

/// <summary>A hub on loopback with one model, whose answers a test may replace.</summary>
internal sealed class TestHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string Model = "acme/tiny";
    public const string Secret = "hf_secret123";

    private readonly TempFolder _temp = new();

    public TestHub()
    {
        Server = new LoopbackServer(request => Faults(request) ?? Answer(request));
        Transfer = new TransferSettings { FirstDelay = TimeSpan.Zero, LockDelay = TimeSpan.FromMilliseconds(1) };
    }

    /// <summary>The model's files; large ones are known by SHA-256, as the hub does with LFS.</summary>
    public Dictionary<string, byte[]> Files { get; } = new()
    {
        ["config.json"] = "{\"model_type\":\"x\"}"u8.ToArray(),
        ["tokenizer.json"] = "{}"u8.ToArray(),
        ["README.md"] = "# Tiny"u8.ToArray(),
        ["pytorch_model.bin"] = [1, 2, 3],
        ["model.safetensors"] = Bytes(300_000),
    };

    /// <summary>Answers in the hub's stead where it returns one.</summary>
    public Func<HttpRequest, HttpAnswer?> Faults { get; set; } = _ => null;

    public LoopbackServer Server { get; }

    public TransferSettings Transfer { get; set; }

    /// <summary>Ends a download.</summary>
    public CancellationToken Stop { get; set; } = TestContext.Current.CancellationToken;

    public List<string> Notes { get; } = [];

    public string Cache => _temp["hub"];

    public string ModelFolder => Path.Combine(Cache, "models--acme--tiny");

    public string Snapshot => Path.Combine(ModelFolder, "snapshots", Commit);

    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    public static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    public static string HashOf(string name, byte[] content) => Convert.ToHexStringLower(
        IsLarge(name) ? SHA256.HashData(content) : CryptographicOperations.HashData(HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public string Partial(string name) => Path.Combine(ModelFolder, "blobs", HashOf(name, Files[name]) + ".incomplete");

    public HubSettings Settings(bool offline = false, bool token = true) => new()
    {
        Endpoint = Server.Address,
        CacheFolder = Cache,
        Token = token ? HubToken.Of(Secret, "HF_TOKEN") : null,
        Offline = offline,
    };

    /// <summary>Fetches the model; the snapshot's folder.</summary>
    public string Fetch(string model = Model, bool offline = false, bool token = true, Action<string, long>? received = null)
    {
        using HubDownload download = new(Settings(offline, token), HubModelId.Parse(model), Notes.Add, Transfer);
        HubPlan plan = download.Plan(Stop);
        download.Fetch(plan, received ?? ((_, _) => { }), Stop);
        return plan.Folder;
    }

    /// <summary>What the hub itself answers.</summary>
    public HttpAnswer Answer(HttpRequest request)
    {
        if (request.Path.StartsWith("/api/models/acme/tiny/revision/", StringComparison.Ordinal))
            return new HttpAnswer(200) { Body = JsonSerializer.SerializeToUtf8Bytes(new { sha = Commit, siblings = Files.Keys.Select(f => new { rfilename = f }) }) };
        const string resolve = $"/acme/tiny/resolve/{Commit}/";
        if (request.Path.StartsWith(resolve, StringComparison.Ordinal) && Files.TryGetValue(Uri.UnescapeDataString(request.Path[resolve.Length..]), out byte[]? content))
            return Content(request, request.Path[resolve.Length..], content);
        return new HttpAnswer(404) { Headers = { ["X-Error-Code"] = request.Path.Contains("acme/tiny", StringComparison.Ordinal) ? "EntryNotFound" : "RepoNotFound" } };
    }

    /// <summary>A file as the hub sends it, from where it is asked to.</summary>
    public static HttpAnswer Content(HttpRequest request, string name, byte[] content)
    {
        Dictionary<string, string> headers = new() { ["X-Repo-Commit"] = Commit };
        if (IsLarge(name)) (headers["X-Linked-Etag"], headers["X-Linked-Size"], headers["ETag"]) = ($"\"{HashOf(name, content)}\"", $"{content.Length}", "\"other\"");
        else headers["ETag"] = $"W/\"{HashOf(name, content)}\"";
        if (request.Offset > 0) headers["Content-Range"] = $"bytes {request.Offset}-{content.Length - 1}/{content.Length}";
        return new HttpAnswer(request.Offset > 0 ? 206 : 200) { Headers = headers, Body = content[request.Offset..] };
    }

    public void Dispose()
    {
        Server.Dispose();
        _temp.Dispose();
    }
}
