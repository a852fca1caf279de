namespace Evolute.Models.Hub;

/// <summary>Where the hub is, who asks, and where its files are kept: what the standard variables of the environment say.</summary>
public sealed class HubSettings
{
    /// <summary>The public hub.</summary>
    public const string DefaultEndpoint = "https://huggingface.co";

    private const int MaxTokenFileBytes = 1 << 16;

    /// <summary>The hub's address, without a slash at the end.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The token; sent to the endpoint's host and to none else.</summary>
    public HubToken? Token { get; init; }

    /// <summary>The cache that this shares with the hub's own tools.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Whether only the cache is used.</summary>
    public bool Offline { get; init; }

    /// <summary>Reads <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c> (or the token's file), <c>HF_HUB_CACHE</c>, <c>HF_HOME</c> and <c>HF_HUB_OFFLINE</c>.</summary>
    /// <exception cref="EvoluteInputException">One of them is wrong.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubSettings From(Func<string, string?> variable)
    {
        string? Given(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        string caches = Given("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string home = Expanded(Given("HF_HOME")) ?? Path.Combine(caches, "huggingface");
        return new HubSettings
        {
            Endpoint = EndpointOf(Given("HF_ENDPOINT") ?? DefaultEndpoint),
            Token = HubToken.Of(Given("HF_TOKEN"), "HF_TOKEN") ?? TokenOfFile(Expanded(Given("HF_TOKEN_PATH")) ?? Path.Combine(home, "token")),
            CacheFolder = Path.GetFullPath(Expanded(Given("HF_HUB_CACHE")) ?? Path.Combine(home, "hub")),
            Offline = Given("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
    }

    private static Uri EndpointOf(string text)
    {
        bool good = Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.Host.Length > 0;
        // A name and password in it would end up in messages, so the sentence shows nothing of it.
        return good ? uri! : throw new EvoluteInputException($"HF_ENDPOINT is not an address like {DefaultEndpoint}: http or https, a host, and no name, password or query.");
    }

    private static HubToken? TokenOfFile(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists) return null;
            if (file.Length > MaxTokenFileBytes) throw new EvoluteInputException($"{path}: this is too large for an access token; write it again.");
            return HubToken.Of(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvoluteInputException($"{path}: the access token cannot be read: {e.Message}", e);
        }
    }

    private static string? Expanded(string? path) => path is not null && (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
        : path;
}
